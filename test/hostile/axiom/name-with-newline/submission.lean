axiom «propext
» : False
theorem target : 1 + 1 = 3 := «propext
».elim
