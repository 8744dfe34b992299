theorem _root_.target (a b c : Nat) : a + b + c = c + b + a := by omega
