theorem target (α : Type _) (a : α) : a = a := rfl
