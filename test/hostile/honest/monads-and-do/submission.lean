def addAll (xs : List Nat) : Option Nat := do
  let mut s := 0
  for x in xs do s := s + x
  return s
theorem target : addAll [] = some 0 := rfl
