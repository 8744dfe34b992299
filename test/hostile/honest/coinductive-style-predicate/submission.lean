theorem target (f : Nat → Bool) : (∃ n, f n = true) ∨ (∀ n, f n = false) := by
  by_cases h : ∃ n, f n = true
  · exact .inl h
  · exact .inr fun n => by
      cases hn : f n
      · rfl
      · exact absurd ⟨n, hn⟩ h
