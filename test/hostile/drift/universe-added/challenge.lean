theorem target : (PUnit.unit : PUnit.{1}) = .unit := by sorry
