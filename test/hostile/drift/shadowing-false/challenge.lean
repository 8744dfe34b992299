theorem target : 1 + 1 = 3 → True → False ∧ False := by sorry
