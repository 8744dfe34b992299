theorem target (a b c : Nat) : a + b + c = c + b + a := by
  exact (Nat.add_comm (a + b) c).trans ((congrArg (c + ·) (Nat.add_comm a b)).trans (Nat.add_assoc c b a).symm)
