@[instance] axiom oracle : ∀ p : Prop, Nonempty p
theorem target : 1 + 1 = 3 := (oracle _).elim id
