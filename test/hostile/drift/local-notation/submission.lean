local notation:50 (priority := high) a:51 " = " b:51 => a ≤ b
theorem target : 1 + 1 = 3 := by decide
