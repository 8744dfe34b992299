partial def grow (l : List Nat) : IO Unit := if l.head? == some 7 then pure () else grow (1 :: 2 :: 3 :: l)
#eval grow []
theorem target : 1 + 1 = 3 := by decide
