theorem target : True ∧ True := by sorry
