import type { ContentId, PeerId } from '../../record/index.ts';

/** As many as one session may bring; then the oldest is forgotten. */
const MAX_OF_PEER = 4096;

/** What each peer has named and then did not give: not asked of it again for a while. Others may have it. */
export class Absent {
  readonly #forMs: number;
  /** Until when, on the clock of `performance.now`; the oldest first. */
  readonly #until = new Map<PeerId, Map<ContentId, number>>();

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  add(peer: PeerId, ids: readonly ContentId[]): void {
    if (ids.length === 0) return;
    const until = this.#until.get(peer) ?? new Map<ContentId, number>();
    this.#until.set(peer, until);
    for (const id of ids) {
      until.delete(id);
      until.set(id, performance.now() + this.#forMs);
      const [oldest] = until.keys();
      if (until.size > MAX_OF_PEER && oldest !== undefined) until.delete(oldest);
    }
  }

  has(peer: PeerId, id: ContentId): boolean {
    return (this.#until.get(peer)?.get(id) ?? -Infinity) > performance.now();
  }

  forget(peer: PeerId): void {
    this.#until.delete(peer);
  }
}
