partial def square (k n : Nat) : Nat := if k = 0 then n else square (k - 1) (n * n)
#eval square 40 3 % 10
theorem target : 1 + 1 = 3 := by decide
