theorem Target : 1 + 1 = 2 := rfl
