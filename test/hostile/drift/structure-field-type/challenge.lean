structure P where
  x : Nat
theorem target (p q : P) : p = q := by sorry
