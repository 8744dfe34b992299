def other (o : Option Nat) : Nat := match o with | some n => n + 1 | none => 0
theorem target (o : Option Nat) : (match o with | some n => n + 1 | none => 0) ≥ 0 := by
  cases o <;> simp
