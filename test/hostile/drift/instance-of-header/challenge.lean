inductive C | r | g
instance : Add C := ⟨fun _ b => b⟩
theorem target (a b : C) : a + b = a := by sorry
