open Nat List
set_option maxRecDepth 2000
universe u
variable {α : Type u}
theorem target (xs : List α) : reverse (reverse xs) = xs := by sorry
