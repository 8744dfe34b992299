inductive Rose where
  | node : List Rose → Rose

theorem target (r : Rose) : ∃ l, r = .node l := by sorry
