theorem target (xs : Array Nat) (h : 5 < xs.size) : xs[2]'(by omega) = xs[2]'(by grind) ∧ 3 < xs.size := by sorry
