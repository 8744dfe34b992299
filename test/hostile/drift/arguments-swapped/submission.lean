theorem target (b a : Nat) (h : b ≤ a) : a ≤ b ∨ b ≤ a := .inr h
