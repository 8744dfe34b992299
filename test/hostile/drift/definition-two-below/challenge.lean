def g : Nat := 3
def f : Nat := g + 0
theorem target : f = 4 := by sorry
