macro "again" : tactic => `(tactic| again)
theorem target : 1 + 1 = 3 := by again
