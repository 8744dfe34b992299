notation "τ" => 2
theorem target : τ = 1 + 1 := rfl
