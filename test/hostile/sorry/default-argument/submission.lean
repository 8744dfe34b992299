theorem helper (h : 1 + 1 = 3 := by sorry) : 1 + 1 = 3 := h
theorem target : 1 + 1 = 3 := helper
