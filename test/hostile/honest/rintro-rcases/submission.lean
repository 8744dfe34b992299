theorem target : ∀ p q : Prop, p ∨ q → q ∨ p := by
  rintro p q (hp | hq)
  · exact .inr hp
  · exact .inl hq
