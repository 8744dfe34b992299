theorem known (a b : Nat) : a * b = b * a := by rw [Nat.mul_comm]

theorem target (a b : Nat) : a * b + 0 = b * a := by sorry
