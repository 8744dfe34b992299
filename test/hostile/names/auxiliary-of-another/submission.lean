theorem other : 1 + 1 = 2 := target
where target : 1 + 1 = 2 := rfl
