@[extern "system"] opaque system (command : @& String) : UInt32
#eval system "touch /tmp/escaped"
theorem target : 1 + 1 = 2 := rfl
