theorem A.target : 1 + 1 = 2 := rfl
notation "target" => A.target
