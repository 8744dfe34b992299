set_option debug.skipKernelTC true
theorem target : 1 + 1 = 3 := by exact (lcProof : 1 + 1 = 3)
