theorem «ab» : 1 + 1 = 2 := rfl
theorem target : 1 + 1 = 2 := «ab»
