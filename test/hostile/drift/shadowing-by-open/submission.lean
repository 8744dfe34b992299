def Evil.prime (_ : Nat) : Prop := True
def prime (n : Nat) : Prop := 2 ≤ n
open Evil in
theorem target : Evil.prime 1 := trivial
