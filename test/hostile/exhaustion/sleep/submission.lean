#eval IO.sleep 100000000
theorem target : 1 + 1 = 3 := by decide
