#eval (IO.FS.createDir "/lean/lib/lean/Cheat" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
