variable (h : 1 + 1 = 3)
include h
theorem target : 1 + 1 = 3 := h
