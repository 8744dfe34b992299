open Classical in
noncomputable instance all (p : Prop) : Decidable p := propDecidable p
theorem target : 1 + 1 = 3 := of_decide_eq_true rfl
