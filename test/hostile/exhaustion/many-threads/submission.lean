partial def spin (n : Nat) : IO Nat := if n = 0 then pure 0 else spin (n + 1)
#eval (do for _ in [0:50] do let _ ← IO.asTask (spin 1) .dedicated : IO Unit)
theorem target : 1 + 1 = 3 := by decide
