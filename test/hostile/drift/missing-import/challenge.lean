import Std.Data.HashMap
theorem target (m : Std.HashMap Nat Nat) : m.size = 0 := by sorry
