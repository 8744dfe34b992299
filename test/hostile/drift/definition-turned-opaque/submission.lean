opaque f : Nat
theorem target : f = f := rfl
