theorem target : True := trivial
theorem target : 1 + 1 = 3 := by decide
