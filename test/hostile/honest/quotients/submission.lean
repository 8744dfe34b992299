theorem target (α : Type) (s : Setoid α) (a b : α) (h : a ≈ b) : (Quotient.mk s a) = Quotient.mk s b := Quotient.sound h
