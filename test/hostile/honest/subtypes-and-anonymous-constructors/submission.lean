theorem target : ∃ x : {n : Nat // n > 3}, x.val % 2 = 1 := ⟨⟨5, by decide⟩, rfl⟩
