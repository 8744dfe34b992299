universe u
theorem target.{v} : Sort (max {{MAX}} v) = Sort (max {{MAX}} v) := rfl
