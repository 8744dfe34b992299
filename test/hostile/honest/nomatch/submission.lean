theorem target (n : Fin 0) : False := nomatch n
