def sum : List Nat → Nat
  | [] => 0
  | x :: xs => x + sum xs

theorem sum_append : ∀ xs ys : List Nat, sum (xs ++ ys) = sum xs + sum ys
  | [], ys => by simp [sum]
  | x :: xs, ys => by
    have ih := sum_append xs ys
    simp only [List.cons_append, sum, ih]
    omega
theorem target (xs ys : List Nat) : sum (xs ++ ys) = sum xs + sum ys := sum_append xs ys
