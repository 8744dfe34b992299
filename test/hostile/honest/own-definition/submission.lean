/-- Twice a number. -/
def double (n : Nat) : Nat := n + n
@[simp] theorem double_eq (n : Nat) : double n = 2 * n := by unfold double; omega

theorem target (a b c : Nat) : a + b + c = c + b + a := by
  have _h := double_eq a
  omega
