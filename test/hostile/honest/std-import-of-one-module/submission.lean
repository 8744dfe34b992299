import Std.Data.HashMap
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
