theorem target (n : Nat) : ∃ m, m > n ∧ m % 2 = 0 := by
  let m := 2 * (n + 1)
  have hm : m = 2 * (n + 1) := rfl
  refine ⟨m, ?_, ?_⟩
  · rw [hm]; omega
  · rw [hm]; omega
