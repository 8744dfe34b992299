def count : Nat → Nat → Nat
  | 0, m => m
  | n + 1, m => count n (m + 1)
set_option maxRecDepth 1000000000
set_option maxHeartbeats 0
theorem target : count 1000000000 0 = 1000000000 := by decide +kernel
