namespace Aux
theorem swap (x y : Nat) : x + y = y + x := by omega
end Aux

open Aux in
theorem target (a b c : Nat) : a + b + c = c + b + a := by rw [swap (a + b) c, swap a b, ← Nat.add_assoc]
