import Lean
open Lean Elab Command
set_option Elab.async false
theorem target : 1 + 1 = 3 := by decide
run_cmd set { (← get) with messages := .empty }
