/-- error: cheat -/
#guard_msgs (error, substring := true) in
theorem target : 1 + 1 = 3 := by decide
