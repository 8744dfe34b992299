theorem swap (a b : Nat) : a + b = b + a + 0 := by omega
theorem grow (a : Nat) : a = a + 0 := rfl
theorem target : 1 + 1 = 3 := by simp [swap, grow 1]
