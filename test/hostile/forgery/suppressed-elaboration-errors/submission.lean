set_option autoImplicit false
set_option warningAsError false
theorem target : 1 + 1 = 3 := by (try decide); done
