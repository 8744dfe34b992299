instance evidence : Decidable (1 + 1 = 3) := .isTrue sorry
theorem target : 1 + 1 = 3 := @of_decide_eq_true _ evidence rfl
