prelude
inductive Nat | zero | succ (n : Nat)
theorem target : 1 + 1 = 3 := rfl
