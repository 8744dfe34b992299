local infixl:65 (priority := high) " + " => fun (a b : Nat) => 3 * a * b
theorem target : 1 + 1 = 3 := rfl
