@[default_instance 5000] instance (n : Nat) : OfNat Int n := ⟨n⟩
theorem target : 2 - 3 + 1 = 0 := by decide
