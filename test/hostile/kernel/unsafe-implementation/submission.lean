unsafe def impl : 1 + 1 = 3 := lcProof
@[implemented_by impl] theorem helper : 1 + 1 = 3 := by decide
theorem target : 1 + 1 = 3 := helper
