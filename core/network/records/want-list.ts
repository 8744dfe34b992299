import type { ContentId, PeerId } from '../../record/index.ts';

interface Want {
  /** Who is said to have it; true where the peer itself said so. The first of them is the one whose share it counts for. */
  readonly sources: Map<PeerId, boolean>;
  /** Who is being asked for it. */
  askedOf: PeerId | undefined;
}

/**
 * Which records are wanted, and who is said to have them. Bounded; a peer may fill what others leave, and where somebody with less
 * has something to offer, who has most gives way: what is given up is offered again by the next reconciliation.
 */
export class WantList {
  readonly #capacity: number;
  readonly #wants = new Map<ContentId, Want>();
  /** For each peer what it is said to have, in the order in which that was said. */
  readonly #offers = new Map<PeerId, Set<ContentId>>();
  /** How many wants count for each peer's share. */
  readonly #counted = new Map<PeerId, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#wants.size;
  }

  /** Wants that count for a peer's share. */
  countOf(peer: PeerId): number {
    return this.#counted.get(peer) ?? 0;
  }

  /** Whether there is, or would be made, room for a record that only this peer is said to have. */
  hasRoomFor(peer: PeerId): boolean {
    return this.size < this.#capacity || this.#greedierThan(peer) !== undefined;
  }

  /** Whether half of the room, or of this peer's equal share of it, is free. */
  isHalfFree(peer: PeerId): boolean {
    const sharers = this.#counted.size + (this.#counted.has(peer) ? 0 : 1);
    return Math.min(this.size, this.countOf(peer) * sharers) <= this.#capacity / 2;
  }

  /**
   * Adds a source. Says whether it is known now, or this peer has no room for another record.
   * @param onGivenUp is told whose want was given up for it
   */
  add(id: ContentId, peer: PeerId, promised: boolean, onGivenUp?: (payer: PeerId) => void): 'known' | 'full' {
    let want = this.#wants.get(id);
    if (want === undefined) {
      if (this.size >= this.#capacity) {
        const payer = this.#giveUpFor(peer);
        if (payer === undefined) return 'full';
        onGivenUp?.(payer);
      }
      this.#wants.set(id, (want = { sources: new Map(), askedOf: undefined }));
      this.#count(peer, 1);
    }
    const before = want.sources.get(peer);
    want.sources.set(peer, promised || (before ?? false));
    const offers = this.#offers.get(peer) ?? new Set();
    this.#offers.set(peer, offers.add(id));
    return 'known';
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
    for (const id of this.#offers.get(peer) ?? []) if (isFree(this.#wants.get(id))) return true;
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
      if (!isFree(want)) continue;
      want.askedOf = peer;
      taken.push(id);
    }
    this.#offers.delete(peer);
    this.#offers.set(peer, offers);
    return taken;
  }

  wasPromised(id: ContentId, peer: PeerId): boolean {
    return this.#wants.get(id)?.sources.get(peer) ?? false;
  }

  /** Who is said to have a wanted record. */
  sourcesOf(id: ContentId): Iterable<PeerId> {
    return this.#wants.get(id)?.sources.keys() ?? [];
  }

  /** The record is here. */
  got(id: ContentId): void {
    const want = this.#wants.get(id);
    if (want === undefined) return;
    this.#wants.delete(id);
    this.#count(payerOf(want), -1);
    for (const peer of want.sources.keys()) this.#withdraw(id, peer);
  }

  /** Not answered by this peer: anybody may be asked. */
  release(ids: readonly ContentId[], peer: PeerId): void {
    for (const id of ids) {
      const want = this.#wants.get(id);
      // Where it left meanwhile, another may be at it.
      if (want?.askedOf === peer) want.askedOf = undefined;
    }
  }

  /** This peer does not have them. Returns those that nobody is left for. */
  refuse(ids: readonly ContentId[], peer: PeerId): ContentId[] {
    this.release(ids, peer);
    return ids.filter((id) => this.#drop(id, peer));
  }

  /** Takes all of a peer's offers back; others may be asked for what it was asked for. Returns records that nobody is left for. */
  forget(peer: PeerId): ContentId[] {
    return this.refuse([...(this.#offers.get(peer) ?? [])], peer);
  }

  /** Takes one offer back. Returns whether nobody is left for the record. */
  #drop(id: ContentId, peer: PeerId): boolean {
    this.#withdraw(id, peer);
    const want = this.#wants.get(id);
    if (want === undefined) return false;
    const paid = payerOf(want);
    want.sources.delete(peer);
    const pays = payerOf(want);
    if (pays !== paid) {
      this.#count(paid, -1);
      this.#count(pays, 1);
    }
    return want.sources.size === 0 && this.#wants.delete(id);
  }

  /** The peer with most wants, where it has at least two more than this one. */
  #greedierThan(peer: PeerId): PeerId | undefined {
    let greediest: PeerId | undefined;
    let most = this.countOf(peer) + 1;
    for (const [other, count] of this.#counted) {
      if (count <= most) continue;
      most = count;
      greediest = other;
    }
    return greediest;
  }

  /** Gives up a want of a greedier peer that nobody is being asked for. Returns whose it was. */
  #giveUpFor(peer: PeerId): PeerId | undefined {
    const payer = this.#greedierThan(peer);
    if (payer === undefined) return undefined;
    for (const id of this.#offers.get(payer) ?? []) {
      const want = this.#wants.get(id);
      if (!isFree(want) || payerOf(want) !== payer) continue;
      this.got(id);
      return payer;
    }
    return undefined;
  }

  #withdraw(id: ContentId, peer: PeerId): void {
    const offers = this.#offers.get(peer);
    offers?.delete(id);
    if (offers?.size === 0) this.#offers.delete(peer);
  }

  #count(peer: PeerId | undefined, change: number): void {
    if (peer === undefined) return;
    const count = (this.#counted.get(peer) ?? 0) + change;
    if (count === 0) this.#counted.delete(peer);
    else this.#counted.set(peer, count);
  }
}

function isFree(want: Want | undefined): want is Want {
  return want !== undefined && want.askedOf === undefined;
}

/** The peer whose share a want counts for. */
function payerOf({ sources }: Want): PeerId | undefined {
  return sources.keys().next().value;
}
