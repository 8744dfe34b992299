theorem target : "a​b" = "ab" := by sorry
