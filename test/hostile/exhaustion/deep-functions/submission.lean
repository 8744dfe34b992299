theorem target : 1 + 1 = 3 := ({{FUN}}rfl)
