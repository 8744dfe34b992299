set_option maxHeartbeats 0
set_option maxRecDepth 100000
theorem target : 1 + 1 = 3 := by decide
