theorem target (n : Nat) : n = 0 ∨ 0 < n := by sorry
