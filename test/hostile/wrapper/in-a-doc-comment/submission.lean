/-- theorem target : 1 + 1 = 2 := rfl -/
theorem other : True := trivial
