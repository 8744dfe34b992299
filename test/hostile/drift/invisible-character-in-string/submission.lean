theorem target : "ab" = "ab" := rfl
