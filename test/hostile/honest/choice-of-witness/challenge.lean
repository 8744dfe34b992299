theorem target (α : Type) (p : α → Prop) (h : ∃ a, p a) : p (Classical.choose h) := by sorry
