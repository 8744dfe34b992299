#eval (IO.setAccessRights "/lean/lib/lean/Init.olean" { user := { read := true, write := true } } : IO Unit)
theorem target : 1 + 1 = 2 := rfl
