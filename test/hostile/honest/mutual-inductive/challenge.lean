mutual
inductive A | stop | go (b : B)
inductive B | go (a : A)
end
theorem target (b : B) : ∃ a, b = .go a := by sorry
