structure U : Type where
  carrier : Type
theorem target : 1 + 1 = 3 := by decide
