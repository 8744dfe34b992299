inductive Even : Nat → Prop
  | zero : Even 0
  | step : Even n → Even (n + 2)
theorem target (n : Nat) (h : Even n) : ∃ k, n = 2 * k := by
  induction h with
  | zero => exact ⟨0, rfl⟩
  | step _ ih => let ⟨k, hk⟩ := ih; exact ⟨k + 1, by omega⟩
