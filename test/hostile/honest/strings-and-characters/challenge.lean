theorem target : "αβγ".length = 3 ∧ 'x'.toNat = 120 := by sorry
