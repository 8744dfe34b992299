def slow : Nat → Nat → Bool
  | 0, _ => true
  | n + 1, k => slow n (2 * k) && slow n (2 * k + 1)
theorem target : slow 40 0 = true := by sorry
