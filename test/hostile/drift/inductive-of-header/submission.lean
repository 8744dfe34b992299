inductive A | a
theorem target (x y : A) : x = y := by cases x; cases y; rfl
