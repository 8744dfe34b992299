instance why : Decidable (1 + 1 = 3) := why
theorem target : 1 + 1 = 3 := by decide
