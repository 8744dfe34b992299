partial def loop (n : Nat) : IO Unit := loop (n + 1)
#eval loop 0
theorem target : 1 + 1 = 3 := by decide
