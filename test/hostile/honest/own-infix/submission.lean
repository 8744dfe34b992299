infixl:70 " ⊹ " => fun (x y : Nat) => x + y
theorem comm (x y : Nat) : x ⊹ y = y ⊹ x := Nat.add_comm x y
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
