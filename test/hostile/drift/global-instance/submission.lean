@[instance 100000] def another : HAdd Nat Nat Nat := ⟨fun _ _ => 3⟩
theorem target : 1 + 1 = 3 := rfl
