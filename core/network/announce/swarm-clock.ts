import type { PeerId } from '../../record/index.ts';
import type { Emit } from '../events.ts';

/** Fewer peers could be one person's. */
const MIN_PEERS = 3;
/** Differences below this are no cause for a word: gossip takes far more. */
const TOLERATED_MS = 10_000;

/**
 * This node's clock, corrected where most peers agree that it is wrong, so that a node whose clock is a day off still
 * hears and is heard. Only gossip goes by it. Peers who lie about the time can make a node miss gossip, no more: what
 * it misses, reconciliation brings.
 */
export class SwarmClock {
  readonly #emit: Emit;
  readonly #ownNow: () => number;
  readonly #offsets = new Map<PeerId, number>();
  #correction = 0;

  constructor(emit: Emit, ownNow: () => number = Date.now) {
    this.#emit = emit;
    this.#ownNow = ownNow;
  }

  /** Milliseconds since 1970, as the swarm has it. */
  now(): number {
    return this.#ownNow() + this.#correction;
  }

  /** Milliseconds since 1970, by this node's own clock. Peers are told this: the swarm's time is no clock of its own. */
  uncorrected(): number {
    return this.#ownNow();
  }

  /** Takes note of what a connected peer says the time is. */
  observe(peer: PeerId, theirNow: number): void {
    this.#offsets.set(peer, theirNow - this.#ownNow());
    this.#correct();
  }

  forget(peer: PeerId): void {
    if (this.#offsets.delete(peer)) this.#correct();
  }

  /** How far a peer's clock is from the swarm's, in milliseconds; undefined where it has not said. */
  skewOf(peer: PeerId): number | undefined {
    const offset = this.#offsets.get(peer);
    return offset === undefined ? undefined : offset - this.#correction;
  }

  #correct(): void {
    const offsets = [...this.#offsets.values()].sort((a, b) => a - b);
    const median = offsets[Math.floor(offsets.length / 2)] ?? 0;
    const agreeing = offsets.filter((offset) => Math.abs(offset - median) <= TOLERATED_MS).length;
    const off =
      offsets.length >= MIN_PEERS && agreeing > offsets.length / 2 && Math.abs(median) > TOLERATED_MS;
    const correction = off ? median : 0;
    const changed = Math.abs(correction - this.#correction) > TOLERATED_MS;
    this.#correction = correction;
    if (changed) this.#emit({ type: 'clock-off', milliseconds: Math.round(correction) });
  }
}
