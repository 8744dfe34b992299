#eval (IO.FS.writeFile "/lean/lib/lean/Cheat.olean" "x" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
