def count : Nat → Nat → Nat
  | 0, m => m
  | n + 1, m => count n (m + 1)
theorem target : count 1000000000 0 = 1000000000 := by sorry
