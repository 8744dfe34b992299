universe u
theorem target (α : Type u) (β : Type u) : α = α ∧ β = β := ⟨rfl, rfl⟩
