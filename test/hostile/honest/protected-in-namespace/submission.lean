namespace A
protected theorem target : 1 + 1 = 2 := rfl
end A
