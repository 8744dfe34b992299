set_option autoImplicit true
theorem target (x y : Single) (h : x = y) : x = y := h
