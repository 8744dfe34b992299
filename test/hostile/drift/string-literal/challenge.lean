theorem target : "ab".length = 1 := by sorry
