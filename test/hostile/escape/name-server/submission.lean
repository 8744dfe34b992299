import Std.Internal.UV.DNS
#eval (do let _ ← Std.Internal.UV.DNS.getAddrInfo "localhost" "80" 0; throw (IO.userError "not supported") : IO Unit)
theorem target : 1 + 1 = 2 := rfl
