class target : Prop where
  h : 1 + 1 = 3
