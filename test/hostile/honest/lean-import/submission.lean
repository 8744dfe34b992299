import Lean
open Lean Elab Tactic Meta
elab "close" : term <= type => do return (← mkFreshExprMVar type)
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
