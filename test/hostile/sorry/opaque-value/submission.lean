opaque secret : { _u : Unit // 1 + 1 = 3 } := ⟨(), sorry⟩
theorem target : 1 + 1 = 3 := secret.2
