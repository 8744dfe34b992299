import Lean
open Lean Elab Command
run_cmd do
  let bad := mkConst `Bad
  let decl : Declaration := .inductDecl [] 0 [{ name := `Bad, type := mkSort 1, ctors := [{ name := `Bad.mk, type := .forallE `f (.forallE `b bad (mkConst ``False) .default) bad .default }] }] false
  match (← getEnv).addDeclCore 0 decl none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => pure ()
theorem target : 1 + 1 = 3 := by
  have no : Bad → False := fun b => Bad.rec (motive := fun _ => False) (fun f => f (Bad.mk f)) b
  exact (no (Bad.mk no)).elim
