class Grp (α : Type) where
  mul : α → α → α
  one : α
  inv : ∀ a, ∃ b, mul a b = one
theorem target : ∃ _ : Grp Nat, True := by sorry
