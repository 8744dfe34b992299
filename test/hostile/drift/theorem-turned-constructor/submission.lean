inductive target.Type | intro
def target := target.Type.intro
