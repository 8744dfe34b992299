import Lean
#eval (Lean.loadDynlib "/lean/lib/lean/libc.so" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
