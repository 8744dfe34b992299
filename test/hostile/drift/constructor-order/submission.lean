inductive A | b | a
theorem target : A.a.ctorIdx = 1 := rfl
