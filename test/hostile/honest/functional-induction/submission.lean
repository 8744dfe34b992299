def sum : List Nat → Nat
  | [] => 0
  | x :: xs => x + sum xs

theorem target (xs ys : List Nat) : sum (xs ++ ys) = sum xs + sum ys := by
  fun_induction sum xs with
  | case1 => simp
  | case2 x xs ih => simp [sum, ih]; omega
