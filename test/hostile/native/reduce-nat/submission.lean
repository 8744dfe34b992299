def yes (_ : Unit) : Nat := 3
@[implemented_by yes] def two (_ : Unit) : Nat := 2
def one : Nat := two ()
theorem three : one = 3 := Lean.ofReduceNat one 3 rfl
theorem two_ : one = 2 := rfl
theorem target : 1 + 1 = 3 := two_.symm.trans three
