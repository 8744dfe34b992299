import Lean
open Lean Elab Term
def deep : Nat → Expr → Expr
  | 0, e => e
  | n + 1, e => deep n (.proj ``And 0 (mkApp4 (mkConst ``And.intro) (mkConst ``True) (mkConst ``True) e (mkConst ``True.intro)))
elab "deep" : term => return deep 400 (mkConst ``True.intro)
theorem target : True := deep
