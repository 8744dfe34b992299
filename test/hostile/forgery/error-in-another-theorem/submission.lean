theorem unrelated : 2 + 2 = 5 := by decide
theorem target : 1 + 1 = 2 := rfl
