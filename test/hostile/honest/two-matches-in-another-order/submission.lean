def weight : List Nat → Nat
  | [] => 0
  | x :: xs => x + weight xs

theorem opt (o : Option Nat) : (match o with | none => 0 | some n => n) = o.getD 0 := by
  cases o <;> rfl

theorem lst (xs : List Nat) : (match xs with | [] => 0 | x :: ys => x + weight ys) = weight xs := by
  match xs with
  | [] => rfl
  | x :: ys => simp [weight]

theorem target (xs : List Nat) (o : Option Nat) :
    (match xs with | [] => 0 | x :: ys => x + weight ys) + (match o with | none => 0 | some n => n)
      = weight xs + o.getD 0 := by
  match h : o, xs with
  | none, ys => rw [lst ys]; rfl
  | some n, ys =>
    have := lst ys
    have := opt (some n)
    omega
