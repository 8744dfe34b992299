theorem target (α : Type) (i : Inhabited α) : ∃ a : α, a = a := ⟨i.1, rfl⟩
