mutual
theorem left : Nat → 1 + 1 = 3
  | 0 => sorry
  | n + 1 => right n
theorem right : Nat → 1 + 1 = 3
  | 0 => left 0
  | n + 1 => left n
end
theorem target : 1 + 1 = 3 := left 1
