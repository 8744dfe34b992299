theorem target (n : Fin 0) : False := by sorry
