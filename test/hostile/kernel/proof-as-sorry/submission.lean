set_option debug.proofAsSorry true
theorem target : 1 + 1 = 3 := by decide
