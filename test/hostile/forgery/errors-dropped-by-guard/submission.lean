#guard_msgs (drop all) in
theorem target : 1 + 1 = 3 := by decide
