mutual
def even : Nat → Bool
  | 0 => true
  | n + 1 => odd n
def odd : Nat → Bool
  | 0 => false
  | n + 1 => even n
end

mutual
theorem even_not : ∀ n, even n = !odd n
  | 0 => by simp [even, odd]
  | n + 1 => by simp [even, odd, odd_not n]
theorem odd_not : ∀ n, odd n = !even n
  | 0 => by simp [even, odd]
  | n + 1 => by simp [even, odd, even_not n]
end

theorem target (n : Nat) : even n = !odd n := even_not n
