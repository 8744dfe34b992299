/- A proof. /- nested -/ -/
-- by arithmetic
/-- The theorem. -/
theorem target (a b c : Nat) : a + b + c = c + b + a := by -- here
  /- and -/ omega -- done
