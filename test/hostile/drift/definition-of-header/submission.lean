def f : Nat := 4
theorem target : f = 4 := rfl
