import Lean
open Lean in
macro "solve_it" : tactic => `(tactic| omega)
theorem target (a b c : Nat) : a + b + c = c + b + a := by solve_it
