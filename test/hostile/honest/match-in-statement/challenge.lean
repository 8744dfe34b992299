theorem target (o : Option Nat) : (match o with | some n => n + 1 | none => 0) ≥ 0 := by sorry
