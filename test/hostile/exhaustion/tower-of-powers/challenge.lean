theorem target : 10 ^ 10 ^ 10 ≠ 0 := by sorry
