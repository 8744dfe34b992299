theorem target (x y : BitVec 8) : x &&& y = y &&& x := BitVec.and_comm x y
