theorem target : forall (a b : Nat), a <= b -> exists (c : Nat), b = a + c := fun a b h => ⟨b - a, by omega⟩
