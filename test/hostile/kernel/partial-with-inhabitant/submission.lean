instance : Inhabited { _u : Unit // 1 + 1 = 3 } := ⟨(), sorry⟩
partial def loop (n : Nat) : { _u : Unit // 1 + 1 = 3 } := loop (n + 1)
theorem target : 1 + 1 = 3 := (loop 0).2
