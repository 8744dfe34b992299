/** How declarations are laid out as data: what the flat arrays of an export hold, and how much at most. */

export const NAME = { text: 0, number: 1 } as const;
export const LEVEL = { zero: 0, succ: 1, max: 2, imax: 3, param: 4 } as const;
/** Operators and what a, b, c, d hold. */
export const EXPR = {
  /** index */
  bvar: 0,
  /** level */
  sort: 1,
  /** name, offset and length in levelLists */
  const: 2,
  /** function, argument */
  app: 3,
  /** binder name, type, body, binder info */
  lambda: 4,
  /** binder name, type, body, binder info */
  forall: 5,
  /** name, type, value, body */
  let: 6,
  /** string with decimal digits */
  nat: 7,
  /** string */
  string: 8,
  /** structure name, index, structure */
  proj: 9,
} as const;
export const EXPR_WIDTH = 5;
export const NAME_WIDTH = 3;
export const LEVEL_WIDTH = 3;

/** Bounds of one export. A proof by a decision procedure seldom passes 100,000 expressions. */
export const EXPORT_LIMITS = {
  strings: 500_000,
  stringCharacters: 16_000_000,
  names: 500_000,
  levels: 200_000,
  levelLists: 2_000_000,
  exprs: 3_000_000,
  declarations: 50_000,
  /** Components of a name. */
  nameDepth: 500,
  /** Characters of a name: components may be shared, so that the strings alone do not bound it. */
  nameLength: 20_000,
  /** Characters of all names together. */
  nameCharacters: 64_000_000,
  /** Nesting of a level. */
  levelDepth: 2000,
  /** Lean itself cannot keep larger indices of bound variables. */
  boundVariable: 2 ** 20 - 2,
} as const;

/** Says that an export is not well-formed. */
export class MalformedExportError extends Error {
  override readonly name = 'MalformedExportError';
}

/**
 * @returns the reference, where it is one to an entry before `end`
 * @throws MalformedExportError otherwise
 */
export function before(reference: number | undefined, end: number, what: string): number {
  if (reference === undefined || reference < 0 || reference >= end) {
    throw new MalformedExportError(`a reference to a ${what} out of range`);
  }
  return reference;
}
