#eval (do IO.Process.setCurrentDir "/lean/lib/lean/Init"; IO.FS.writeFile "Core.olean" "x" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
