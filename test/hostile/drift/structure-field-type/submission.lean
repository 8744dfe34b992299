structure P where
  x : Unit
theorem target (p q : P) : p = q := by cases p; cases q; rfl
