private theorem swap (x y : Nat) : x + y = y + x := by omega

theorem target (a b c : Nat) : a + b + c = c + b + a := by rw [swap (a + b) c, swap a b, ← Nat.add_assoc]
