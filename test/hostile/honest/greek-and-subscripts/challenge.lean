theorem target (ε δ₁ δ₂ : Int) (h₁ : ε < δ₁) (h₂ : δ₁ < δ₂) : ε < δ₂ := by sorry
