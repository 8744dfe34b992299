/** A text that ends in copies of one piece. */
export interface Repetition {
  /** Length of the piece, in UTF-16 code units. */
  readonly period: number;
  readonly repeats: number;
}

/** Only the end of a text is looked at. */
const WINDOW = 16_384;
/** Every so many characters. */
const STEP = 512;
/** A loop is many copies of something, or a few of something long: proofs repeat a tactic now and then. */
const LOOPS: readonly { readonly length: number; readonly repeats: number }[] = [
  { length: 1_000, repeats: 8 },
  { length: 4_000, repeats: 3 },
];

/**
 * Finds loops in a text as it streams in. Looks at fixed places of the text, so that what it finds does not depend on
 * the chunks; at most WINDOW / STEP steps for each character.
 */
export class RepetitionDetector {
  #window = '';
  #untilCheck = STEP;

  push(chunk: string): Repetition | undefined {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.slice(at, at + this.#untilCheck);
      at += piece.length;
      this.#untilCheck -= piece.length;
      this.#window += piece;
      if (this.#untilCheck > 0) continue;
      this.#untilCheck = STEP;
      this.#window = this.#window.slice(-WINDOW);
      const found = findLoop(this.#window);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/**
 * The longest suffix that is a loop. The prefix function of the reversed text (Knuth, Morris and Pratt) gives the
 * smallest period of each suffix.
 */
export function findLoop(text: string): Repetition | undefined {
  const n = text.length;
  const border = new Int32Array(n);
  const reversed = (at: number): number => text.charCodeAt(n - 1 - at);
  let found: Repetition | undefined;
  for (let i = 1, length = 0; i < n; i++) {
    while (length > 0 && reversed(i) !== reversed(length)) length = border[length - 1] ?? 0;
    if (reversed(i) === reversed(length)) length += 1;
    border[i] = length;
    const period = i + 1 - length;
    const repeats = Math.floor((i + 1) / period);
    if (LOOPS.some((loop) => i + 1 >= loop.length && repeats >= loop.repeats)) found = { period, repeats };
  }
  return found;
}
