partial def grow (s : String) : IO Unit := grow (s ++ s)
#eval grow "abc"
theorem target : 1 + 1 = 3 := by decide
