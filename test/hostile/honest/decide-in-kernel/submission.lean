theorem target : (List.range 100).foldl (· + ·) 0 = 4950 := by decide +kernel
