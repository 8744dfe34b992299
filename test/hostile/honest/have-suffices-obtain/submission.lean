theorem target (p q r : Prop) (h : p ∧ (q ∨ r)) : (p ∧ q) ∨ (p ∧ r) := by
  obtain ⟨hp, hq | hr⟩ := h
  · exact .inl ⟨hp, hq⟩
  · suffices h : p ∧ r from Or.inr h
    have hpr : p ∧ r := ⟨hp, hr⟩
    exact hpr
