theorem target (h : False) : 1 + 1 = 3 := h.elim
