theorem target : 1 + 1 = 3 := aux
where
  aux : 2 = 3 := sorry
