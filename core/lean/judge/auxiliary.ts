/**
 * The last components of the names that the elaborator makes up, for `match` above all; which declaration lends such a name its
 * beginning depends on what came before.
 */
const AUXILIARY = /match_\d+|_[A-Za-z]+_\d+/;
/** In a text: `h_proof_1` is a name of another kind. */
const WRITTEN = new RegExp(`(?<![\\p{L}\\p{N}_'!?])(?:${AUXILIARY.source})`, 'gu');
const AUXILIARY_NAME = new RegExp(`(?:^|\\.)(${AUXILIARY.source})$`);

/** Tells names that Lean made up from those that a challenge's author wrote and that only look so. */
export class AuxiliaryNames {
  readonly #written: ReadonlySet<string> | undefined;

  /** @param challenge its text, in which every name that its author wrote ends as it does; without one, no name counts as made up */
  constructor(challenge: string | undefined) {
    if (challenge === undefined) return;
    this.#written = new Set([...challenge.matchAll(WRITTEN)].map(([found]) => found));
  }

  /** Whether one name, of the challenge, may stand for another where their contents are the same. */
  interchangeable(expected: string, found: string): boolean {
    const component = AUXILIARY_NAME.exec(expected)?.[1];
    if (component === undefined || this.#written === undefined || !AUXILIARY_NAME.test(found)) return false;
    return !this.#written.has(component);
  }
}
