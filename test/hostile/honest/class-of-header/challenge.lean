class Group (G : Type) where
  mul : G → G → G
  one : G
  inv : G → G
  assoc : ∀ a b c, mul (mul a b) c = mul a (mul b c)
  one_mul : ∀ a, mul one a = a
  inv_mul : ∀ a, mul (inv a) a = one

variable {G : Type} [Group G]
open Group

theorem target (a b c : G) (h : mul a b = mul a c) : b = c := by sorry
