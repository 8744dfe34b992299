theorem target (p : Prop) : ¬¬p → p := fun h => (Classical.em p).elim id (fun hn => (h hn).elim)
