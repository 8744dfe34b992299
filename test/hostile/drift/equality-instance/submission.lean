local instance : BEq Nat := ⟨fun _ _ => true⟩
theorem target : (1 == 2) = true := rfl
