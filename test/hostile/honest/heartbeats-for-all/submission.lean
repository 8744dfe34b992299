set_option maxHeartbeats 0
set_option maxRecDepth 10000

theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
