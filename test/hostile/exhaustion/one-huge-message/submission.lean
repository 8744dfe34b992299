#eval IO.println ("x".pushn 'y' 20000000)
theorem target : 1 + 1 = 3 := by decide
