local notation "ℕ" => Nat

theorem help (x y : ℕ) : x + y = y + x := Nat.add_comm x y

theorem target (a b c : Nat) : a + b + c = c + b + a := by rw [help (a + b) c, help a b, ← Nat.add_assoc]
