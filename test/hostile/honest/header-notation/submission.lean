notation:max "‖" x "‖" => Int.natAbs x
theorem target (x : Int) : ‖-x‖ = ‖x‖ := by simp
