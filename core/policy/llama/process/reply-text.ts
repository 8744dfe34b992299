import type { LlamaModel, Token } from 'node-llama-cpp';

/** A character of UTF-8 takes at most so many byte tokens. */
const LONGEST_CHARACTER = 4;
/** Tokens before a piece by which some tokenizers decide on its first blank. */
const CONTEXT_TOKENS = 4;

/** A reply's tokens as text: piece by piece while it grows, each of whole characters, and the whole at its end. */
export class ReplyText {
  readonly tokens: Token[] = [];
  readonly #model: LlamaModel;
  readonly #stops: readonly string[];
  #told = 0;
  #tail = '';

  constructor(model: LlamaModel, stops: readonly string[]) {
    this.#model = model;
    this.#stops = stops;
  }

  /** What came since the last call; a character whose bytes are not all there yet is held back. */
  next(): string {
    const fresh = this.tokens.slice(this.#told);
    const before = this.tokens.slice(Math.max(0, this.#told - CONTEXT_TOKENS), this.#told);
    for (let held = 0; held < Math.min(LONGEST_CHARACTER, fresh.length); held++) {
      const piece = this.#text(fresh.slice(0, fresh.length - held), before);
      if (!piece.endsWith('\uFFFD')) return this.#tell(piece, fresh.length - held);
    }
    // Not a broken character but bytes that are none.
    return fresh.length <= LONGEST_CHARACTER ? '' : this.#tell(this.#text(fresh, before), fresh.length);
  }

  /** Whether there are stop texts to look for. */
  get watched(): boolean {
    return this.#stops.length > 0;
  }

  /** Whether a stop text stands in what was told so far. */
  get stopped(): boolean {
    return this.#stops.some((stop) => this.#tail.includes(stop));
  }

  /** The whole reply, cut before the first stop text. */
  whole(): { text: string; stopped: boolean } {
    const text = this.#text(this.tokens, []);
    const ends = this.#stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
    return ends.length === 0
      ? { text, stopped: false }
      : { text: text.slice(0, Math.min(...ends)), stopped: true };
  }

  #tell(piece: string, tokens: number): string {
    this.#told += tokens;
    const longest = Math.max(0, ...this.#stops.map((stop) => stop.length));
    // A stop text may lie across two pieces.
    this.#tail = longest === 0 ? '' : this.#tail.slice(-(longest - 1)) + piece;
    return piece;
  }

  #text(tokens: readonly Token[], before: readonly Token[]): string {
    return this.#model.detokenize(tokens, true, before);
  }
}
