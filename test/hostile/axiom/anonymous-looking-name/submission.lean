axiom «[anonymous]» : False
theorem target : 1 + 1 = 3 := «[anonymous]».elim
