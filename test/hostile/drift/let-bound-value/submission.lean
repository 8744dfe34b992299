theorem target : let n := 2; n = 2 := rfl
