#eval (do let h ← IO.FS.Handle.mk "/lean/lib/lean/Init.olean" .append; h.putStr "x" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
