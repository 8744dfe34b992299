section
variable (x y : Nat)
theorem swap : x + y = y + x := Nat.add_comm x y
end

theorem target (a b c : Nat) : a + b + c = c + b + a := by rw [swap (a + b) c, swap a b, ← Nat.add_assoc]
