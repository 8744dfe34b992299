inductive Evil.False : Prop | intro
open Evil in
theorem target : 1 + 1 = 3 → Evil.False := fun _ => .intro
