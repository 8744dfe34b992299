universe u v
theorem target {α : Type u} {β : Type v} (f : α → β) (xs : List α) : (xs.map f).length = xs.length := by sorry
