/** Not even the statement with its instructions fits: a larger context, or another model, is needed. */
export class PromptTooLongError extends Error {
  override readonly name = 'PromptTooLongError';
  /** Tokens of the shortest prompt there is. */
  readonly tokens: number;
  readonly budget: number;

  constructor(tokens: number, budget: number) {
    super(
      `the statement alone takes ${tokens} tokens of prompt, and the context has room for ${Math.max(0, budget)}`,
    );
    this.tokens = tokens;
    this.budget = budget;
  }
}

/** A prompt family was asked for by a name that is not known. */
export class UnknownFamilyError extends Error {
  override readonly name = 'UnknownFamilyError';
  readonly wanted: string;
  readonly known: readonly string[];

  constructor(wanted: string, known: readonly string[]) {
    super(`there is no prompt family ${JSON.stringify(wanted)}; there are ${known.join(', ')}`);
    this.wanted = wanted;
    this.known = known;
  }
}

/** A user's own prompt family that cannot be used. */
export class InvalidFamilyError extends Error {
  override readonly name = 'InvalidFamilyError';

  constructor(detail: string, cause?: unknown) {
    super(`this is no prompt family: ${detail}`, { cause });
  }
}
