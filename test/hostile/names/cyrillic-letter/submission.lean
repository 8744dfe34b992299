theorem «tаrget» : 1 + 1 = 2 := rfl
