noncomputable def pick (α : Type) [h : Nonempty α] : α := Classical.choice h
noncomputable section
def pick2 := pick Nat
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
end
