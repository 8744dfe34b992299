set_option autoImplicit true
theorem target (h : n = 0) : n = 0 := h
