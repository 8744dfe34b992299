axiom target : 1 + 1 = 3
