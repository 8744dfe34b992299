import type { ContentId, SignedDisproof } from '../../record/index.ts';

const MAX_DISPROOFS = 10_000;

/** One disproof of each statement. */
export class DisproofFile {
  readonly #byStatement = new Map<ContentId, SignedDisproof>();
  readonly #byId = new Map<ContentId, SignedDisproof>();

  get all(): readonly SignedDisproof[] {
    return [...this.#byStatement.values()];
  }

  get(id: ContentId): SignedDisproof | undefined {
    return this.#byId.get(id);
  }

  of(statement: ContentId): SignedDisproof | undefined {
    return this.#byStatement.get(statement);
  }

  /** In the place of the one before, or of the oldest where there is no room. */
  put(disproof: SignedDisproof): void {
    const { statement } = disproof.record;
    const [oldest] = this.#byStatement.keys();
    if (this.#byStatement.has(statement)) this.#drop(statement);
    else if (this.#byStatement.size >= MAX_DISPROOFS && oldest !== undefined) this.#drop(oldest);
    this.#byStatement.set(statement, disproof);
    this.#byId.set(disproof.id, disproof);
  }

  #drop(statement: ContentId): void {
    this.#byId.delete(this.#byStatement.get(statement)?.id ?? '');
    this.#byStatement.delete(statement);
  }
}
