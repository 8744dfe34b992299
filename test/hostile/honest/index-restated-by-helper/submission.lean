theorem first (xs : Array Nat) (h : 5 < xs.size) : xs[2]'(by omega) = xs[2]'(by grind) := rfl
theorem second (xs : Array Nat) (h : 5 < xs.size) (h' : xs.size = 7) : 3 < xs.size := by omega
theorem target (xs : Array Nat) (h : 5 < xs.size) : xs[2]'(by omega) = xs[2]'(by grind) ∧ 3 < xs.size :=
  ⟨first xs h, by
    have : xs.size = 7 ∨ xs.size ≠ 7 := by omega
    cases this with
    | inl h' => exact second xs h h'
    | inr _ => grind⟩
