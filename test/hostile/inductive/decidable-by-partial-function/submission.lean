partial def yes (p : Prop) [Inhabited (Decidable p)] : Decidable p := yes p
instance : Inhabited (Decidable (1 + 1 = 3)) := ⟨inferInstance⟩
theorem target : 1 + 1 = 3 := @of_decide_eq_true _ (yes _) rfl
