universe u v
variable {α : Type u} {β : Type v}
theorem helper (f : α → β) (x : α) (xs : List α) : (List.map f (x :: xs)).length = (List.map f xs).length + 1 := rfl
theorem target {α : Type u} {β : Type v} (f : α → β) (xs : List α) : (xs.map f).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [helper, ih]; rfl
