class Grp (α : Type) where
  mul : α → α → α
  one : α
instance : Grp Nat := ⟨Nat.add, 0⟩
theorem target : ∃ _ : Grp Nat, True := ⟨inferInstance, trivial⟩
