import { MalformedExportError } from './format.ts';

/**
 * What an honest statement holds is far smaller, of a type and its definitions; what two exports share in different ways would come
 * up in as many pairs as the product of their sizes.
 */
const MAX_PAIRS = 1_000_000;

/**
 * Pairs of entries of two exports that a comparison has come by. Entries are shared by what refers to them, so that there may
 * be exponentially more paths to a pair than there are pairs: each is to be compared once. It may be taken as equal as soon as it
 * is noted, as the first difference ends the whole comparison.
 */
export class Pairs {
  readonly #seen = new Set<number>();
  readonly #width: number;

  /** @param width how many entries there are on the right */
  constructor(width: number) {
    this.#width = width;
  }

  /**
   * @returns whether the pair is new
   * @throws MalformedExportError where there are too many
   */
  note(left: number, right: number): boolean {
    const key = left * this.#width + right;
    if (this.#seen.has(key)) return false;
    if (this.#seen.size >= MAX_PAIRS) throw new MalformedExportError('it takes too long to compare');
    this.#seen.add(key);
    return true;
  }
}

/** By index: the first one at which the same text stands, so that equal texts need not be compared again and again. */
export function firstIndices(texts: readonly string[]): Int32Array {
  const first = new Map<string, number>();
  return Int32Array.from(texts, (text, index) => {
    const known = first.get(text);
    if (known === undefined) first.set(text, index);
    return known ?? index;
  });
}
