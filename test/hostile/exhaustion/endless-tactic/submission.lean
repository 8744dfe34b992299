set_option maxHeartbeats 0
set_option maxRecDepth 1000000000
theorem target : 1 + 1 = 3 := by
  have h : ∀ n : Nat, n < n + 1 := fun n => by omega
  repeat (have := h 0)
  decide
