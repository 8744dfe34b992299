inductive Vec (α : Type) : Nat → Type
  | nil : Vec α 0
  | cons : α → Vec α n → Vec α (n + 1)
def Vec.head : Vec α (n + 1) → α
  | .cons a _ => a
theorem target (a : α) (v : Vec α n) : (Vec.cons a v).head = a := rfl
