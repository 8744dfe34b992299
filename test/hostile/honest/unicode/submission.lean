theorem σ_τ₁ {α : Type} {x y : α} (ℋ : x = y) : y = x := ℋ ▸ rfl
def «ein Name» := "ἀρχή — 証明 🎉"
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
