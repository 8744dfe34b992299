@[irreducible] def secret : Nat := 42
opaque hidden : Nat
theorem target : ∃ n : Nat, n = n := ⟨secret + hidden, rfl⟩
