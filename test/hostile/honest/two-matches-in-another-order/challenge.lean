def weight : List Nat → Nat
  | [] => 0
  | x :: xs => x + weight xs

theorem target (xs : List Nat) (o : Option Nat) :
    (match xs with | [] => 0 | x :: ys => x + weight ys) + (match o with | none => 0 | some n => n)
      = weight xs + o.getD 0 := by sorry
