structure Point where
  x : Int
  y : Int
  deriving DecidableEq

instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩

@[ext] theorem Point.ext2 {p q : Point} (hx : p.x = q.x) (hy : p.y = q.y) : p = q := by
  cases p; cases q; simp_all
theorem target (p q : Point) : p + q = q + p := by
  apply Point.ext2
  · exact Int.add_comm _ _
  · exact Int.add_comm _ _
