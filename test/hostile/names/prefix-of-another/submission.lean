theorem target.x : 1 + 1 = 2 := rfl
