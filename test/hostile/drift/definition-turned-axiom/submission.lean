axiom f : Nat
axiom f_eq : f = 4
theorem target : f = 4 := f_eq
