theorem target (a b c : Nat) : a + b + c = c + b + a := by
  rw [step (a + b) c, step a b, ← Nat.add_assoc]
where
  step (x y : Nat) : x + y = y + x := Nat.add_comm x y
