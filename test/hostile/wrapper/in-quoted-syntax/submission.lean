macro "m" : command => `(command| theorem target : 1 + 1 = 2 := rfl)
