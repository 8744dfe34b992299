axiom «prоpext» : False
theorem target : 1 + 1 = 3 := «prоpext».elim
