abbrev target : Prop := 1 + 1 = 3
