universe u v
theorem target (α : Type u) (β : Type v) : α = α ∧ β = β := by sorry
