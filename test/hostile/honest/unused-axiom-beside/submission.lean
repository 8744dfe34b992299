axiom unused : 1 + 1 = 3
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
