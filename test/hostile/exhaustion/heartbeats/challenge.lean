theorem target (a b c d : Nat) (h : a * b * c = d * d + 1) : a ^ 3 * b ^ 2 + c = d * a + b := by sorry
