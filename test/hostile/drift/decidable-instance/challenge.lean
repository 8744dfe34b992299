theorem target : (if 1 = 2 then 1 else 0) = 0 := by sorry
