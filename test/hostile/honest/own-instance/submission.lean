structure Box where
  n : Nat
instance : Add Box := ⟨fun x y => ⟨x.n + y.n⟩⟩
instance : Coe Nat Box := ⟨Box.mk⟩
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
