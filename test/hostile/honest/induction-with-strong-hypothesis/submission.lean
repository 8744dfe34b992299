theorem target (n : Nat) : n % 3 < 3 ∧ n = 3 * (n / 3) + n % 3 := by
  induction n using Nat.strongRecOn with
  | _ n ih => omega
