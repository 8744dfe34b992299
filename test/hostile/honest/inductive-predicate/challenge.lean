inductive Even : Nat → Prop
  | zero : Even 0
  | step : Even n → Even (n + 2)
theorem target (n : Nat) (h : Even n) : ∃ k, n = 2 * k := by sorry
