theorem target (n : Nat) : 0 < (match n with | 0 => 1 | m+1 => m+1) := by sorry
