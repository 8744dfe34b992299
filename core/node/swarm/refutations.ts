import type { ContentId, Statement } from '../../record/index.ts';
import { negationOf } from './disproofs.ts';

/** So many other choices to each refutation. */
const CHOICES_BETWEEN = 3;
const MAX_REMEMBERED = 10_000;

/**
 * What a whole try did not prove may be wrong: its negation is tried, once for each statement and life of the node.
 * Nobody is told of it, as nobody asks for it.
 */
export class Refutations {
  /** Whether a statement is still asked for. */
  readonly #isOpen: (id: ContentId) => boolean;
  readonly #waiting: { readonly of: ContentId; readonly negation: Statement }[] = [];
  /** Those that were tried or wait, and their negations. */
  readonly #seen = new Set<ContentId>();
  #choices = 0;

  constructor(isOpen: (id: ContentId) => boolean) {
    this.#isOpen = isOpen;
  }

  /** A whole try has not proved it. */
  later(statement: Statement): void {
    if (this.#seen.has(statement.id) || this.#seen.size >= MAX_REMEMBERED) return;
    this.#seen.add(statement.id);
    const negation = negationOf(statement);
    if (negation === undefined) return;
    this.#seen.add(negation.id);
    this.#waiting.push({ of: statement.id, negation });
  }

  /** The next negation to try, now and then. To be asked once for each choice of what to work on. */
  next(): Statement | undefined {
    if (this.#choices++ < CHOICES_BETWEEN) return undefined;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!this.#isOpen(next.of)) continue;
      this.#choices = 0;
      return next.negation;
    }
    return undefined;
  }
}
