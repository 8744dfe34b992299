/** Whose request it is: this node's own work, or a peer's. */
export type Lane = 'own' | `peer:${string}`;

/** Whose work something is. */
export interface Asker {
  readonly origin?: 'own' | 'peer' | undefined;
  /** Which peer's; each has an equal share of the peers' part of the queue. */
  readonly peer?: string | undefined;
}

export const laneOf = ({ origin, peer }: Asker): Lane => (origin === 'own' ? 'own' : `peer:${peer ?? ''}`);

interface Share {
  /** Work done for it, in milliseconds, as far as it counts. */
  used: number;
}

interface Queued<T> {
  readonly lane: Lane;
  readonly item: T;
}

/** How much of the time that a lane left to others it may claim later, in milliseconds. */
const CREDIT_MS = 10_000;
/** Peers remembered while they have nothing waiting. */
const KEPT_PEERS = 1000;

/**
 * What waits for a worker, in an order that is fair in time spent: own work and peers' work get half of it each while
 * both wait, and each peer as much as any other. A flood from one side only fills that side's queue. First come, first
 * served within a lane.
 */
export class FairQueue<T> {
  readonly #waiting: Queued<T>[] = [];
  readonly #sides = { own: { used: 0 }, peers: { used: 0 } };
  readonly #peers = new Map<Lane, Share>();

  get size(): number {
    return this.#waiting.length;
  }

  add(lane: Lane, item: T): void {
    this.#wake(lane);
    this.#waiting.push({ lane, item });
  }

  /** @returns whether it was waiting */
  remove(item: T): boolean {
    const index = this.#waiting.findIndex((queued) => queued.item === item);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  /** Takes the one whose turn it is among those that can be served. */
  take(servable: (item: T) => boolean): { lane: Lane; item: T } | undefined {
    const next = this.next(servable);
    if (next !== undefined) this.remove(next.item);
    return next;
  }

  /** The one whose turn it is among those that are looked for. */
  next(wanted: (item: T) => boolean): { lane: Lane; item: T } | undefined {
    const firsts = new Map<Lane, Queued<T>>();
    for (const queued of this.#waiting) {
      if (!firsts.has(queued.lane) && wanted(queued.item)) firsts.set(queued.lane, queued);
    }
    let chosen: Queued<T> | undefined;
    for (const queued of firsts.values()) {
      if (chosen === undefined || this.#before(queued.lane, chosen.lane)) chosen = queued;
    }
    return chosen;
  }

  /** Notes work done for a lane. */
  charge(lane: Lane, milliseconds: number): void {
    this.#side(lane).used += milliseconds;
    if (lane !== 'own') this.#peer(lane).used += milliseconds;
  }

  /** Takes out all that waits. */
  drain(): T[] {
    return this.#waiting.splice(0).map(({ item }) => item);
  }

  #before(a: Lane, b: Lane): boolean {
    const sideA = this.#side(a);
    const sideB = this.#side(b);
    if (sideA !== sideB) return sideA.used < sideB.used || (sideA.used === sideB.used && a === 'own');
    return this.#peer(a).used < this.#peer(b).used;
  }

  #side(lane: Lane): Share {
    return lane === 'own' ? this.#sides.own : this.#sides.peers;
  }

  #peer(lane: Lane): Share {
    let share = this.#peers.get(lane);
    if (share === undefined) {
      share = { used: 0 };
      this.#peers.set(lane, share);
    }
    return share;
  }

  /**
   * Time in which a lane wanted nothing gives it little claim to more later; some, as one that asks for a thing at a time
   * wants nothing for a moment after each.
   */
  #wake(lane: Lane): void {
    const waiting = new Set(this.#waiting.map((queued) => queued.lane));
    const { own, peers } = this.#sides;
    const sideWaits = [...waiting].some((other) => this.#side(other) === this.#side(lane));
    if (!sideWaits) {
      const side = this.#side(lane);
      side.used = Math.max(side.used, (side === own ? peers.used : own.used) - CREDIT_MS);
    }
    if (lane === 'own' || waiting.has(lane)) return;
    const others = [...waiting].filter((other) => other !== 'own').map((other) => this.#peer(other).used);
    const share = this.#peer(lane);
    if (others.length > 0) share.used = Math.max(share.used, Math.min(...others) - CREDIT_MS);
    this.#forget(waiting);
  }

  #forget(waiting: ReadonlySet<Lane>): void {
    if (this.#peers.size <= KEPT_PEERS) return;
    for (const lane of this.#peers.keys()) if (!waiting.has(lane)) this.#peers.delete(lane);
  }
}
