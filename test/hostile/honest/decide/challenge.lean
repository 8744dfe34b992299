theorem target : ∀ x : Fin 20, ∃ y : Fin 20, x + y = 0 := by sorry
