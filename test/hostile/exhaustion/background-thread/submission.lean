partial def spin (n : Nat) : IO Nat := if n = 0 then pure 0 else spin (n + 1)
#eval (do let _ ← IO.asTask (spin 1) .dedicated; pure () : IO Unit)
theorem target : 1 + 1 = 2 := rfl
