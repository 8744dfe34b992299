noncomputable def witness {α : Type} {p : α → Prop} (h : ∃ a, p a) : α := Classical.choose h
theorem target (α : Type) (p : α → Prop) (h : ∃ a, p a) : p (Classical.choose h) := Classical.choose_spec h
