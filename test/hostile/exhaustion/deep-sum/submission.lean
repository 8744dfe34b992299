theorem target : 1 + 1 = 3 := by have : 0{{PLUS}} = 0 := rfl; decide
