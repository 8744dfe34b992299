variable (h : False)
include h in
theorem target : 1 + 1 = 3 := h.elim
