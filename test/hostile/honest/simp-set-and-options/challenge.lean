theorem target (xs : List Nat) (h : xs ≠ []) : xs.length > 0 := by sorry
