def wrong (_ : Unit) : Bool := true
@[implemented_by wrong] def check (_ : Unit) : Bool := decide (1 + 1 = 3)
def checked : Bool := check ()
theorem checked_true : checked = true := by native_decide
theorem target : 1 + 1 = 3 := of_decide_eq_true checked_true
