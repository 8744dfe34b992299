unsafe def scribble (n : Nat) : IO Unit := do
  let mut a : ByteArray := unsafeCast (1024 : USize)
  for i in [0:n] do a := a.uset i.toUSize 0xff lcProof
  IO.println a.size
#eval scribble 100000000
theorem target : 1 + 1 = 2 := rfl
