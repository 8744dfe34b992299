theorem early (n : Nat) (h : n < 3) : (⟨n + 1, by omega⟩ : Fin 5).val < 4 := by
  have : n + 1 < 4 := by omega
  exact this

def clamp (n : Nat) : Fin 5 := if h : n < 5 then ⟨n, h⟩ else ⟨4, by decide⟩

theorem target (n : Nat) (h : n < 3) :
    (clamp (n + 2)).val = n + 2 ∧ (⟨n + 1, by omega⟩ : Fin 5).val < 4 := by
  constructor
  · unfold clamp
    have h' : n + 2 < 5 := by omega
    simp [h']
  · exact early n h
