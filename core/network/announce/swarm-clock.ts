import type { PeerId } from '../../record/index.ts';
import type { Emit } from '../events.ts';

/** Fewer peers could be one person's. */
const MIN_PEERS = 3;
/** Differences below this are no cause for a word: gossip takes far more. */
const TOLERATED_MS = 10_000;
/** This node's clock was set, or the machine slept: what others' clocks were found to be off is off by as much. */
const JUMP_MS = 3000;

/**
 * This node's clock, corrected where most peers agree that it is wrong, so that a node whose clock is a day off still
 * hears and is heard. Only gossip goes by it. Peers who lie about the time can make a node miss gossip, no more: what
 * it misses, reconciliation brings, and what it says at a wrong time is held against nobody.
 */
export class SwarmClock {
  readonly #emit: Emit;
  readonly #ownNow: () => number;
  readonly #elapsed: () => number;
  readonly #offsets = new Map<PeerId, number>();
  #correction = 0;
  /** When `elapsed` was 0, by this node's clock. */
  #origin: number;

  /** @param elapsed milliseconds of a clock that nobody sets */
  constructor(emit: Emit, ownNow: () => number = Date.now, elapsed = (): number => performance.now()) {
    this.#emit = emit;
    this.#ownNow = ownNow;
    this.#elapsed = elapsed;
    this.#origin = ownNow() - elapsed();
  }

  /** Milliseconds since 1970, as the swarm has it. */
  now(): number {
    const own = this.uncorrected();
    return own + this.#correction;
  }

  /** Milliseconds since 1970, by this node's own clock. Peers are told this: the swarm's time is no clock of its own. */
  uncorrected(): number {
    const own = this.#ownNow();
    const origin = own - this.#elapsed();
    if (Math.abs(origin - this.#origin) > JUMP_MS) {
      this.#origin = origin;
      this.#offsets.clear();
      this.#correct();
    }
    return own;
  }

  /** Takes note of what a connected peer says the time is. */
  observe(peer: PeerId, theirNow: number): void {
    const offset = theirNow - this.uncorrected();
    this.#offsets.set(peer, offset);
    this.#correct();
  }

  forget(peer: PeerId): void {
    if (this.#offsets.delete(peer)) this.#correct();
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
