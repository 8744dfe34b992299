notation "τ" => 3
theorem target : τ = 1 + 1 := by sorry
