#eval (do let _ ← IO.setStdout (← IO.getStderr); IO.println "x"; throw <| IO.userError "not supported" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
