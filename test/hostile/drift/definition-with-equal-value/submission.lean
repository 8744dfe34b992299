def f : Nat := 1 + 2
theorem target : f = 3 := rfl
