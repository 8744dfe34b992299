def text := r#"
theorem target : 1 + 1 = 2 := rfl
"#
