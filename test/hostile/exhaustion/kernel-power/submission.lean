theorem target : 2 ^ (2 ^ 60) % 7 = 2 := by decide +kernel
