import Lean
open Lean Elab Command
run_cmd do
  let bad := mkConst `Bad
  let decl : Declaration := .inductDecl [] 0 [{ name := `Bad, type := mkSort 1, ctors := [{ name := `Bad.mk, type := .forallE `f (mkSort 1) bad .default }] }] false
  match (← getEnv).addDeclCore 0 decl none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => pure ()
theorem helper (b : Bad) : b = b := rfl
theorem target : 1 + 1 = 3 := by decide
