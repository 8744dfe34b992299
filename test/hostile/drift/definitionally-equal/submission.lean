theorem target : Nat.succ 1 = 2 := rfl
