set_option maxHeartbeats 400000 in
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
