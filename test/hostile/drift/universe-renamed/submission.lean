universe v
theorem target (α : Type v) (a : α) : a = a := rfl
