import Std.Internal.UV.TCP
open Std.Internal.UV.TCP in
#eval (do let s ← Socket.new; let p ← s.connect (.v4 ⟨⟨#v[127, 0, 0, 1]⟩, 9⟩); match p.result?.get with | some (.ok _) => throw (IO.userError "ESCAPED") | _ => throw (IO.userError "not supported") : IO Unit)
theorem target : 1 + 1 = 2 := rfl
