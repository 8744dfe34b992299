import type { ContentId, PeerId } from '../../record/index.ts';

export interface AnnouncedInit {
  /** Before the first time a record is asked for again; twice as long each next time. */
  readonly firstDelayMs: number;
  /** How often a record is asked for again. */
  readonly tries: number;
  /** Records that are remembered. */
  readonly capacity: number;
}

const DEFAULTS: AnnouncedInit = { firstDelayMs: 200, tries: 7, capacity: 2000 };

/**
 * Announcements run ahead of what they announce: the neighbour that passed one on has the record only once it has
 * fetched and checked it. So records that were announced are asked for again for a while.
 */
export class AnnouncedRecords {
  readonly #ask: (id: ContentId, peer: PeerId) => void;
  readonly #init: AnnouncedInit;
  readonly #tries = new Map<ContentId, number>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(ask: (id: ContentId, peer: PeerId) => void, init: Partial<AnnouncedInit> = {}) {
    this.#ask = ask;
    this.#init = { ...DEFAULTS, ...init };
  }

  /** A neighbour passed the announcement of a record on. */
  heard(id: ContentId): void {
    if (this.#tries.size >= this.#init.capacity) {
      const [oldest] = this.#tries.keys();
      if (oldest !== undefined) this.#tries.delete(oldest);
    }
    this.#tries.set(id, 0);
  }

  /** The record is here. */
  got(id: ContentId): void {
    this.#tries.delete(id);
  }

  /** A peer did not have the record. Returns whether it will be asked again. */
  retry(id: ContentId, peer: PeerId): boolean {
    const tries = this.#tries.get(id);
    if (tries === undefined) return false;
    if (tries >= this.#init.tries) {
      this.#tries.delete(id);
      return false;
    }
    this.#tries.set(id, tries + 1);
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        if (this.#tries.has(id)) this.#ask(id, peer);
      },
      this.#init.firstDelayMs * 2 ** tries,
    );
    this.#timers.add(timer);
    return true;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#tries.clear();
  }
}
