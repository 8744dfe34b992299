theorem target : "a".length = 1 := rfl
