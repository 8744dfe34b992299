theorem target : True ∧ True := ⟨trivial, trivial⟩
