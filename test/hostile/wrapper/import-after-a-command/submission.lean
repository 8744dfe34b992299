def f := 1
import Lean
theorem target : 1 + 1 = 2 := rfl
