import type { ProveSettings } from '../../api/index.ts';
import type { ContentId, Statement } from '../../record/index.ts';
import type { CatalogEntry, StatusView } from './catalog.ts';
import type { ProveSession } from './session.ts';

/** Where the statements come from that a donation works on. */
export interface WorkSource {
  /** Undefined where there is nothing now. */
  next(signal: AbortSignal): Promise<Statement | undefined>;
  /** What `next` gave has been worked on. */
  ended(session: ProveSession): void;
}

export interface LocalWorkComponents {
  readonly entries: () => Iterable<CatalogEntry>;
  readonly statusOf: (id: ContentId) => StatusView;
  /** Whether this node can judge it. */
  readonly supports: (statement: Statement) => boolean;
  readonly random: () => number;
}

/** So many statements are looked at for the next one; more would not make the choice better. */
const SEEN = 20_000;

/** The open statements of this node's own board, those that were tried least first. */
export class LocalWork implements WorkSource {
  readonly #components: LocalWorkComponents;
  readonly #tries = new Map<ContentId, number>();
  /** Those at which the same would happen again. */
  readonly #hopeless = new Set<ContentId>();

  constructor(components: LocalWorkComponents) {
    this.#components = components;
  }

  next(): Promise<Statement | undefined> {
    const { entries, statusOf, supports, random } = this.#components;
    let best: Statement | undefined;
    let fewest = Infinity;
    let equals = 0;
    let seen = 0;
    for (const { statement } of entries()) {
      if (++seen > SEEN) break;
      const tries = this.#tries.get(statement.id) ?? 0;
      if (tries > fewest || this.#hopeless.has(statement.id)) continue;
      if (statusOf(statement.id).status !== 'open' || !supports(statement)) continue;
      equals = tries < fewest ? 1 : equals + 1;
      // Each of those that were tried as seldom has the same chance.
      if (random() * equals < 1) best = statement;
      fewest = tries;
    }
    if (best !== undefined) this.#tries.set(best.id, (this.#tries.get(best.id) ?? 0) + 1);
    return Promise.resolve(best);
  }

  ended(session: ProveSession): void {
    const { end } = session.summary;
    if (end === 'unjudgeable' || isRepetition(end, session.settings))
      this.#hopeless.add(session.statement.id);
  }
}

/** The portfolio does the same every time: once it is through with a statement, it is. */
const isRepetition = (end: string | undefined, { policy }: ProveSettings): boolean =>
  policy === 'portfolio' && (end === 'policy-exhausted' || end === 'rounds');
