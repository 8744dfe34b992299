/-- Sums may be read backwards. -/
@[simp, grind =]
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
