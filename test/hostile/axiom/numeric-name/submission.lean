axiom «1».«2» : False
theorem target : 1 + 1 = 3 := «1».«2».elim
