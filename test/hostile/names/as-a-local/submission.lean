theorem other : 1 + 1 = 2 := by
  have target : 1 + 1 = 2 := rfl
  exact target
