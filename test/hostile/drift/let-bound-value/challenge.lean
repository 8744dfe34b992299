theorem target : let n := 3; n = 2 := by sorry
