inductive A | a | b
theorem target : A.a.ctorIdx = 1 := by sorry
