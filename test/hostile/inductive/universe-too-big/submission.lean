inductive Big : Type | mk (α : Type)
theorem target : 1 + 1 = 3 := by decide
