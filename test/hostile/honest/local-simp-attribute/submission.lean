attribute [local simp] Nat.add_comm Nat.add_left_comm Nat.add_assoc in
theorem target (a b c : Nat) : a + b + c = c + b + a := by simp
