def swap01 : Nat → Nat
  | 0 => 1
  | 1 => 0
  | n => n
instance : Inhabited (Nat → Nat) := ⟨swap01⟩
theorem target : ∃ f : Nat → Nat, ∀ n, f (f n) = n ∧ f 0 = 1 ∨ n > 1 :=
  ⟨swap01, fun n => by
    match n with
    | 0 => exact .inl ⟨rfl, rfl⟩
    | 1 => exact .inl ⟨rfl, rfl⟩
    | n + 2 => exact .inr (by omega)⟩
