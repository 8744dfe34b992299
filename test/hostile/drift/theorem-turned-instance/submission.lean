class C : Prop
instance target : C := {}
