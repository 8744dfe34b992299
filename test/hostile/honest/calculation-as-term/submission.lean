theorem target (a b c : Nat) : a + b + c = c + b + a :=
  calc
    a + b + c = c + (a + b) := Nat.add_comm _ _
    _ = c + (b + a) := congrArg _ (Nat.add_comm _ _)
    _ = c + b + a := by rw [Nat.add_assoc]
