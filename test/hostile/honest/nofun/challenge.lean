theorem target : ¬ (3 : Nat) < 2 := by sorry
