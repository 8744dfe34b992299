def prime (n : Nat) : Prop := 2 ≤ n
theorem target : prime 1 := by sorry
