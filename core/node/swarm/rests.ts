import type { PeerId } from '../../record/index.ts';

/** So many records in vain are nobody's fault: this machine may be slower than the finder's. */
const TOLERATED = 3;
/** How long a peer rests at first, twice as long with each further record in vain, up to the longest. */
const FIRST_REST_MS = 5 * 60_000;
const LONGEST_REST_MS = 4 * 3_600_000;
/** Peers that are remembered at most. */
const MAX_PEERS = 5000;

/**
 * How Lean came to no end with a record. One that ended it costs less than one that took all the time it could have, and more often
 * it is this machine that is short of memory, whoever's record it is: it counts less. Not nothing, as a record can be made for it.
 */
export type InVain = 'exhausted' | 'crashed';

const COUNTS: Record<InVain, number> = { exhausted: 1, crashed: 1 / 4 };

interface Spent {
  /** Records in vain, as they count; accepted ones take them back. */
  readonly times: number;
  /** On the clock of `performance.now`. */
  readonly until: number;
}

/**
 * Peers whose records use up Lean's time again and again, and are neither right nor wrong in the end. It may be that they are
 * too hard for this machine, so that nothing is held against who sent them: it rests, and others are served before.
 */
export class Rests {
  readonly #now: () => number;
  readonly #spent = new Map<PeerId, Spent>();

  /** @param now milliseconds of any monotonic clock; `performance.now` unless set */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  isResting(peer: PeerId): boolean {
    return (this.#spent.get(peer)?.until ?? 0) > this.#now();
  }

  /** Lean came to no end with a record of the peer's. */
  inVain(peer: PeerId, how: InVain): void {
    const times = (this.#spent.get(peer)?.times ?? 0) + COUNTS[how];
    const rest = times < TOLERATED ? 0 : Math.min(FIRST_REST_MS * 2 ** (times - TOLERATED), LONGEST_REST_MS);
    this.#spent.delete(peer);
    this.#spent.set(peer, { times, until: this.#now() + rest });
    const [oldest] = this.#spent.keys();
    if (this.#spent.size > MAX_PEERS && oldest !== undefined) this.#spent.delete(oldest);
  }

  /** A record of the peer's was accepted: half of its times are taken back, and its rest is over. */
  accepted(peer: PeerId): void {
    const times = Math.floor((this.#spent.get(peer)?.times ?? 0) / 2);
    if (times === 0) this.#spent.delete(peer);
    else this.#spent.set(peer, { times, until: 0 });
  }
}
