theorem target : 1 + 1 = 3 ∨ True := .inr trivial
