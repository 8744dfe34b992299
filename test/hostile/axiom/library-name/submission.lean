axiom Std.Logic.sound : False
theorem target : 1 + 1 = 3 := Std.Logic.sound.elim
