instance another : Add Nat := ⟨fun _ _ => 3⟩
theorem target : 1 + 1 = 3 := rfl
