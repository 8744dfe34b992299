opaque target : Nat
