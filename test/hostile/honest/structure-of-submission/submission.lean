structure Pair (α β : Type) where
  fst : α
  snd : β
deriving Repr, BEq, Hashable
inductive Sign | pos | neg
deriving DecidableEq, Ord, Inhabited
theorem target (a b c : Nat) : a + b + c = c + b + a := by omega
