def clamp (n : Nat) : Fin 5 := if h : n < 5 then ⟨n, h⟩ else ⟨4, by decide⟩

theorem target (n : Nat) (h : n < 3) :
    (clamp (n + 2)).val = n + 2 ∧ (⟨n + 1, by omega⟩ : Fin 5).val < 4 := by sorry
