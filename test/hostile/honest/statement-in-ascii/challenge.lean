theorem target : ∀ a b : Nat, a ≤ b → ∃ c : Nat, b = a + c := by sorry
