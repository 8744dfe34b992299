theorem helper : 1 + 1 = 3 := by decide
theorem target : 1 + 1 = 3 := helper
