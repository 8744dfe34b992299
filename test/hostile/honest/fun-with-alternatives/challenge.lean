theorem target : ∀ n : Nat, n = 0 ∨ ∃ m, n = m + 1 := by sorry
