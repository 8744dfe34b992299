universe u
theorem target : (PUnit.unit : PUnit.{u}) = .unit := rfl
