inductive C | r | g
instance : Add C := ⟨fun a _ => a⟩
theorem target (a b : C) : a + b = a := rfl
