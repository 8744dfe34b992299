variable (a b : Nat)
open Nat in
theorem target : a + b = b + a := by sorry
