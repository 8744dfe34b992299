@[simp] axiom two_eq_three : (2 = 3) = True
theorem target : 1 + 1 = 3 := by simp
