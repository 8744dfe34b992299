theorem helper (n : Nat) : 0 < (match n with | 0 => 1 | m+1 => m+1) := by cases n <;> simp
theorem target (n : Nat) : 0 < (match n with | 0 => 1 | m+1 => m+1) :=
  match n with
  | 0 => helper 0
  | k+1 => helper (k+1)
