section
variable (n : Nat)
axiom cheat : n = n + 1
end
theorem target : 1 + 1 = 3 := cheat 2
