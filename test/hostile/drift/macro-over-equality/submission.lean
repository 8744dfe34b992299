macro_rules | `($_ = $_) => `(True)
theorem target : 1 + 1 = 3 := trivial
