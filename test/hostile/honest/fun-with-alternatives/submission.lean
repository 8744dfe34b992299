theorem target : ∀ n : Nat, n = 0 ∨ ∃ m, n = m + 1
  | 0 => .inl rfl
  | n + 1 => .inr ⟨n, rfl⟩
