def g : Nat := 4
def f : Nat := g + 0
theorem target : f = 4 := rfl
