theorem target (a b c : Nat) (h : b = c) : a + b = a + c := by sorry
