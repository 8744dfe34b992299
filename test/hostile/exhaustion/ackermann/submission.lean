def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)
set_option maxRecDepth 100000000
set_option maxHeartbeats 0
theorem target : ack 4 2 > 0 := by decide
