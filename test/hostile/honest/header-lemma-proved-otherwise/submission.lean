theorem known (a b : Nat) : a * b = b * a := Nat.mul_comm a b

theorem target (a b : Nat) : a * b + 0 = b * a := by rw [Nat.add_zero, known]
