theorem target (n : Nat) : ∃ m, m > n ∧ m % 2 = 0 := by sorry
