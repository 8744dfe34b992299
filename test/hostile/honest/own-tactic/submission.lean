macro "arith" : tactic => `(tactic| first | omega | simp)

theorem target (a b c : Nat) : a + b + c = c + b + a := by arith
