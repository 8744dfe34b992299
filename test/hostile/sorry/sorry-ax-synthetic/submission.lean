theorem target : 1 + 1 = 3 := sorryAx _ true
