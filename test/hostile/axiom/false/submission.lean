axiom cheat : False
theorem target : 1 + 1 = 3 := cheat.elim
