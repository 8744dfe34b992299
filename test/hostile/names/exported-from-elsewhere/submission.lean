theorem A.target : 1 + 1 = 2 := rfl
export A (target)
