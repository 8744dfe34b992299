theorem target : 1 + 1 = 3 := {{OPEN}}rfl{{CLOSE}}
