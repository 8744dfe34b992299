import Std.Cheat
theorem target : 1 + 1 = 2 := rfl
