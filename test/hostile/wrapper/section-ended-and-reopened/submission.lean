end proofswarm
variable (h : False)
include h
theorem target : 1 + 1 = 3 := h.elim
noncomputable section proofswarm
