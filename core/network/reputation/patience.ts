import type { PeerId } from '../../record/index.ts';
import type { Emit } from '../events.ts';

/** How long a peer is left alone when it was too slow for the first time, twice as long each further time, up to the longest. */
const FIRST_REST_MS = 5000;
const LONGEST_REST_MS = 10 * 60_000;
/** Peers that are remembered at most. */
const MAX_PEERS = 5000;

interface Lateness {
  /** Times that it was too slow; good answers take them back. */
  readonly times: number;
  /** On the clock of `performance.now`. */
  readonly until: number;
}

export interface PatienceComponents {
  readonly emit: Emit;
  /** Milliseconds of any monotonic clock; `performance.now` unless set. */
  readonly now?: () => number;
}

/**
 * Peers that did not answer in time. An honest one whose machine is busy proving does that as well as one that means harm, so
 * that nothing is held against it: it is left alone for a while, the longer the more often, and so takes little of this node's
 * time. Not remembered across restarts.
 */
export class Patience {
  readonly #emit: Emit;
  readonly #now: () => number;
  readonly #late = new Map<PeerId, Lateness>();

  constructor({ emit, now = () => performance.now() }: PatienceComponents) {
    this.#emit = emit;
    this.#now = now;
  }

  /** The peer kept this node waiting in vain. While it is left alone already, that says nothing new. */
  tooSlow(peer: PeerId, detail: string): void {
    if (this.restLeft(peer) > 0) return;
    const times = (this.#late.get(peer)?.times ?? 0) + 1;
    const milliseconds = Math.min(FIRST_REST_MS * 2 ** (times - 1), LONGEST_REST_MS);
    this.#late.delete(peer);
    this.#late.set(peer, { times, until: this.#now() + milliseconds });
    for (const oldest of this.#late.keys()) {
      if (this.#late.size <= MAX_PEERS) break;
      this.#late.delete(oldest);
    }
    this.#emit({ type: 'peer-set-aside', peer, milliseconds, detail });
  }

  /** The peer did in time what it was asked for: half of its times are taken back. */
  inTime(peer: PeerId): void {
    const lateness = this.#late.get(peer);
    if (lateness === undefined) return;
    const times = Math.floor(lateness.times / 2);
    if (times === 0) this.#late.delete(peer);
    else this.#late.set(peer, { ...lateness, times });
  }

  /** Milliseconds for which the peer is still to be left alone; 0 where it may be asked. */
  restLeft(peer: PeerId): number {
    return Math.max(0, (this.#late.get(peer)?.until ?? 0) - this.#now());
  }
}
