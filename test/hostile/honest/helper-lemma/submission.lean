theorem swap_ends (x y : Nat) : x + y = y + x := Nat.add_comm x y

theorem target (a b c : Nat) : a + b + c = c + b + a := by
  rw [swap_ends (a + b) c, swap_ends a b, Nat.add_assoc]
