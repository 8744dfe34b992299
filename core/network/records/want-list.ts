import type { ContentId, PeerId } from '../../record/index.ts';

interface Want {
  /** Who is said to have it; true where the peer itself said so. */
  readonly sources: Map<PeerId, boolean>;
  /** Whether somebody is being asked for it. */
  asked: boolean;
}

/** Which records are wanted, and who is said to have them. Bounded. */
export class WantList {
  readonly #capacity: number;
  readonly #wants = new Map<ContentId, Want>();
  /** For each peer what it is said to have, in the order in which that was said. */
  readonly #offers = new Map<PeerId, Set<ContentId>>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#wants.size;
  }

  get room(): number {
    return Math.max(0, this.#capacity - this.#wants.size);
  }

  /** Adds a source. Says whether it is one that was not known, or that there is no room for another record. */
  add(id: ContentId, peer: PeerId, promised: boolean): 'new' | 'known' | 'full' {
    let want = this.#wants.get(id);
    if (want === undefined) {
      if (this.room === 0) return 'full';
      this.#wants.set(id, (want = { sources: new Map(), asked: false }));
    }
    const before = want.sources.get(peer);
    want.sources.set(peer, promised || (before ?? false));
    const offers = this.#offers.get(peer) ?? new Set();
    this.#offers.set(peer, offers.add(id));
    return before === undefined ? 'new' : 'known';
  }

  /** Peers with offers, the one that was asked longest ago first. */
  peers(): PeerId[] {
    return [...this.#offers.keys()];
  }

  /** How many wanted records this peer is said to have. */
  offersOf(peer: PeerId): number {
    return this.#offers.get(peer)?.size ?? 0;
  }

  /** Whether something can be asked of this peer now. */
  hasFor(peer: PeerId): boolean {
    for (const id of this.#offers.get(peer) ?? []) if (this.#wants.get(id)?.asked === false) return true;
    return false;
  }

  /** Up to `count` records to ask this peer for; they are not asked of another one until `release` or `refuse`. */
  take(peer: PeerId, count: number): ContentId[] {
    const offers = this.#offers.get(peer);
    if (offers === undefined) return [];
    const taken: ContentId[] = [];
    for (const id of offers) {
      if (taken.length === count) break;
      const want = this.#wants.get(id);
      if (want === undefined || want.asked) continue;
      want.asked = true;
      taken.push(id);
    }
    this.#offers.delete(peer);
    this.#offers.set(peer, offers);
    return taken;
  }

  wasPromised(id: ContentId, peer: PeerId): boolean {
    return this.#wants.get(id)?.sources.get(peer) ?? false;
  }

  /** The record is here. */
  got(id: ContentId): void {
    const want = this.#wants.get(id);
    if (want === undefined) return;
    this.#wants.delete(id);
    for (const peer of want.sources.keys()) this.#withdraw(id, peer);
  }

  /** Not answered: anybody may be asked. */
  release(ids: readonly ContentId[]): void {
    for (const id of ids) {
      const want = this.#wants.get(id);
      if (want !== undefined) want.asked = false;
    }
  }

  /** This peer does not have them. Returns those that nobody is left for. */
  refuse(ids: readonly ContentId[], peer: PeerId): ContentId[] {
    this.release(ids);
    return ids.filter((id) => {
      this.#withdraw(id, peer);
      const want = this.#wants.get(id);
      want?.sources.delete(peer);
      return want?.sources.size === 0 && this.#wants.delete(id);
    });
  }

  /** Takes all of a peer's offers back. Returns records that nobody is left for. */
  forget(peer: PeerId): ContentId[] {
    const ids = [...(this.#offers.get(peer) ?? [])];
    return ids.filter((id) => {
      this.#withdraw(id, peer);
      const want = this.#wants.get(id);
      want?.sources.delete(peer);
      return want?.sources.size === 0 && this.#wants.delete(id);
    });
  }

  #withdraw(id: ContentId, peer: PeerId): void {
    const offers = this.#offers.get(peer);
    offers?.delete(id);
    if (offers?.size === 0) this.#offers.delete(peer);
  }
}
