theorem target : 2 - 3 + 1 = 0 := by sorry
