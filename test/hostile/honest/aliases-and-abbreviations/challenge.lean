abbrev N := Nat
theorem target (a b : N) : a + b = b + a := by sorry
