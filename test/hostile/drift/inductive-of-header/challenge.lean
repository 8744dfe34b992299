inductive A | a | b
theorem target (x y : A) : x = y := by sorry
