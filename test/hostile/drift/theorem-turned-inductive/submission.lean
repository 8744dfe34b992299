inductive target : Prop | intro
