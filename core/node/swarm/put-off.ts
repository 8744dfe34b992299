import type { ContentId } from '../../record/index.ts';

/** Until a record is wanted again at first, twice as long with each further time, up to the longest. */
const FIRST_MS = 5 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const MAX_REMEMBERED = 20_000;

interface Off {
  readonly times: number;
  /** On the clock. */
  readonly until: number;
}

/**
 * Records that Lean came to no end with. It may be that this machine was short of memory just then, so that none is given up for
 * good; and as it may be the record, it is wanted the more seldom the more often it was in vain.
 */
export class PutOff {
  readonly #now: () => number;
  readonly #off = new Map<ContentId, Off>();

  /** @param now milliseconds of any monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(id: ContentId): void {
    const times = (this.#off.get(id)?.times ?? 0) + 1;
    const forMs = Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS);
    this.#off.delete(id);
    this.#off.set(id, { times, until: this.#now() + forMs });
    const [oldest] = this.#off.keys();
    if (this.#off.size > MAX_REMEMBERED && oldest !== undefined) this.#off.delete(oldest);
  }

  /** Whether it is not wanted yet. How often it was in vain is remembered beyond that. */
  has(id: ContentId): boolean {
    return (this.#off.get(id)?.until ?? 0) > this.#now();
  }

  /** Lean has come to an end with it. */
  forget(id: ContentId): void {
    this.#off.delete(id);
  }
}
