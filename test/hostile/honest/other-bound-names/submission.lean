theorem target (x y z : Nat) : x + y + z = z + y + x := by omega
