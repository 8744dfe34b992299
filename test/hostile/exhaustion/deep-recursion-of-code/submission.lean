def deep : Nat → Nat
  | 0 => 0
  | n + 1 => deep n + 1
#eval deep 100000000
theorem target : 1 + 1 = 3 := by decide
