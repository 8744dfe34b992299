theorem unrelated : 1 + 1 = 3 := by sorry
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
