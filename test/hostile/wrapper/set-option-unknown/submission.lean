set_option no.such.option true
theorem target : 1 + 1 = 2 := rfl
