abbrev N := Nat
theorem target (a b : N) : a + b = b + a := Nat.add_comm a b
