theorem target (n : Nat) : n % 3 < 3 ∧ n = 3 * (n / 3) + n % 3 := by sorry
