theorem target (xs : List Nat) (h : xs ≠ []) : xs.length > 0 := by
  simp (config := { decide := true }) only [gt_iff_lt, List.length_pos_iff, ne_eq]
  exact h
