theorem half (n : Nat) : ∃ k, n < 2 ^ k := by
  if h : n = 0 then exact ⟨0, by simp [h]⟩
  else
    obtain ⟨k, hk⟩ := half (n / 2)
    exact ⟨k + 1, by rw [Nat.pow_succ]; omega⟩
termination_by n
decreasing_by omega

theorem target (n : Nat) : ∃ k, n < 2 ^ k := half n
