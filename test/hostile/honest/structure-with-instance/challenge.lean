structure Point where
  x : Int
  y : Int
  deriving DecidableEq

instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩

theorem target (p q : Point) : p + q = q + p := by sorry
