theorem target : ¬ (3 : Nat) < 2 := fun h => by cases h with | step h => cases h with | step h => cases h
