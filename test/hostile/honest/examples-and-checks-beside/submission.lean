example : 1 + 1 = 2 := rfl
#check Nat.add_comm
#print axioms Nat.add_comm
#eval 1 + 1
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
