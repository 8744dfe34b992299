/** Constructor numbers of the Lean types that are read from memory, in the order in which Lean 4.28 declares them. */
export const CONSTANT_INFO = {
  axiom: 0,
  definition: 1,
  theorem: 2,
  opaque: 3,
  quot: 4,
  inductive: 5,
  constructor: 6,
  recursor: 7,
} as const;

export const EXPR_TAG = {
  bvar: 0,
  fvar: 1,
  mvar: 2,
  sort: 3,
  const: 4,
  app: 5,
  lambda: 6,
  forall: 7,
  let: 8,
  lit: 9,
  mdata: 10,
  proj: 11,
} as const;

export const LEVEL_TAG = { zero: 0, succ: 1, max: 2, imax: 3, param: 4, mvar: 5 } as const;
export const NAME_TAG = { text: 1, number: 2 } as const;
export const LITERAL_TAG = { nat: 0, string: 1 } as const;
export const SAFETY = { unsafe: 0, safe: 1, partial: 2 } as const;
export const DECLARATION_TAG = { axiom: 0, definition: 1, theorem: 2, opaque: 3, inductive: 6 } as const;

/** `ConstantKind` as `getOriginalConstKind?` gives it. */
export const CONSTANT_KIND = { definition: 0, theorem: 1, axiom: 2 } as const;

/** Each expression's and level's cached data (hash and flags): 8 bytes, before the other scalars. */
export const CACHED_DATA_BYTES = 8;

/** `ConstantVal`'s fields, and those that follow it in each kind of constant. */
export const CONSTANT_VAL = { name: 0, levelParams: 1, type: 2 } as const;
export const DEFINITION_VAL = { value: 1, hints: 2, all: 3, objects: 4 } as const;
export const THEOREM_VAL = { value: 1, all: 2, objects: 3 } as const;
export const OPAQUE_VAL = { value: 1, all: 2, objects: 3 } as const;
export const INDUCTIVE_VAL = {
  numParams: 1,
  numIndices: 2,
  all: 3,
  constructors: 4,
  numNested: 5,
  objects: 6,
  unsafeAt: 1,
} as const;
export const CONSTRUCTOR_VAL = { inductive: 1 } as const;
export const RECURSOR_VAL = { all: 1 } as const;
