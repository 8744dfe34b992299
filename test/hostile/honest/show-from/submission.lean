theorem target (p q : Prop) (hp : p) (hq : q) : p ∧ q :=
  show p ∧ q from And.intro hp (show q from hq)
