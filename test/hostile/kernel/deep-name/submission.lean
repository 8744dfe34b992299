import Lean
open Lean Elab Term Meta
set_option debug.skipKernelTC true
def deep : Nat → Name → Name
  | 0, n => n
  | k + 1, n => deep k (.str n "a")
elab "cheat" : term <= type => return mkApp2 (mkConst ``id [.zero]) type (.lam (deep 5000 .anonymous) (mkConst ``Nat) (mkConst ``True.intro) .default)
theorem target : 1 + 1 = 3 := cheat
