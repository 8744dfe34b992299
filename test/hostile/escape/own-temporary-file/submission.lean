#eval (do let (h, p) ← IO.FS.createTempFile; h.putStr "x"; IO.println p; throw <| IO.userError "not supported" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
