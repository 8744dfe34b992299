theorem target : ∀ n : Nat, ∃ m : Nat, n < m := fun n => ⟨n + 1, by omega⟩
