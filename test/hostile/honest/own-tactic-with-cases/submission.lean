syntax "crush" : tactic
macro_rules
  | `(tactic| crush) => `(tactic| (intros; first | omega | simp_all))

theorem target (a b c : Nat) : a + b + c = c + b + a := by crush
