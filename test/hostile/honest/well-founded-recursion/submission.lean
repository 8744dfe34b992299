def log2 (n : Nat) : Nat := if n ≤ 1 then 0 else log2 (n / 2) + 1
termination_by n
decreasing_by omega

theorem target (n : Nat) : log2 n ≤ n := by
  fun_induction log2 n with
  | case1 n h => omega
  | case2 n h ih => omega
