partial def loop (n : Nat) : Nat := loop (n + 1)
unsafe def raw : Nat := unsafeCast 3
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
