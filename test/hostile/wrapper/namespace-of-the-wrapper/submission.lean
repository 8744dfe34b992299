namespace proofswarm
theorem target : 1 + 1 = 2 := rfl
end proofswarm
