theorem target : 1 + 1 = 3 := unsafe (unsafeCast ())
