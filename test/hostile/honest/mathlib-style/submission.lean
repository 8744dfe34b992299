theorem target (x y : Int) (h₀ : x + y = 7) (h₁ : x - y = 1) : x = 4 ∧ y = 3 := by
  constructor <;> omega
