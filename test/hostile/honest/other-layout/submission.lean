theorem target
    (a : Nat) (b : Nat)
    (c : Nat) :
    a + b + c
      = c + b + a := by
  omega
