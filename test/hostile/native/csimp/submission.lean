def truth : Bool := decide (1 + 1 = 3)
def lie : Bool := true
axiom same : truth = lie
@[csimp] theorem truth_eq_lie : @truth = @lie := same
def checked : Bool := truth
theorem target : 1 + 1 = 3 := of_decide_eq_true (show truth = true from Lean.ofReduceBool checked true rfl)
