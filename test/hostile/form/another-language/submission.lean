Theorem target : 1 + 1 = 2. Proof. reflexivity. Qed.
