import Lean
open Lean Elab Term Meta
set_option debug.skipKernelTC true
def deep : Nat → Level → Level
  | 0, u => u
  | n + 1, u => deep n (.succ u)
elab "cheat" : term <= type => return mkApp2 (mkConst ``id [.zero]) type (mkConst ``PUnit.unit [deep 5000 .zero])
theorem target : 1 + 1 = 3 := cheat
