theorem target (a b : Int) : a - b + b = a := by omega
