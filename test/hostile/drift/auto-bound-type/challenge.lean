def Single := Bool
theorem target (x y : Single) : x = y := by sorry
