theorem target (f : Nat → Bool) : (∃ n, f n = true) ∨ (∀ n, f n = false) := by sorry
