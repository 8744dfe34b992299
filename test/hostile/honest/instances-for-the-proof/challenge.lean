theorem target : ∃ f : Nat → Nat, ∀ n, f (f n) = n ∧ f 0 = 1 ∨ n > 1 := by sorry
