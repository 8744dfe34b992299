theorem target : 1 + 1 = 3 := by
  have h : ∀ n : Nat, n = n + 1 := fun n => by sorry
  exact h 2
