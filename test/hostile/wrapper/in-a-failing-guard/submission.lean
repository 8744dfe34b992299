#check_failure (rfl : 1 + 1 = 3)
