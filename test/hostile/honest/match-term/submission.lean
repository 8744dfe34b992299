theorem target (n : Nat) : n = 0 ∨ 0 < n :=
  match n with
  | 0 => .inl rfl
  | _ + 1 => .inr (Nat.succ_pos _)
