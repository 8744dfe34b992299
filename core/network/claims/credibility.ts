import type { PeerId } from '../../record/index.ts';
import type { CredibilitySource } from './types.ts';

interface Evidence {
  proofs: number;
  /** Claims that ran out without a last word. */
  lapses: number;
  /** Hours under claim. */
  hours: number;
}

const MAX_PEERS = 10_000;
/** An hour of claims without a proof counts as much as this share of a lapse: most honest work finds nothing. */
const HOUR = 0.1;

/**
 * What peers have shown: the mean of a beta distribution that starts even, moved up by proofs that this node's kernel
 * accepted and down by claims that were left to lapse and by time under claim. Only proofs cannot be faked, so only
 * they lift a peer above the even start.
 */
export class Credibility implements CredibilitySource {
  readonly #evidence = new Map<PeerId, Evidence>();

  of(peer: PeerId): number {
    const known = this.#evidence.get(peer);
    if (known === undefined) return 0.5;
    const gained = 1 + 2 * known.proofs;
    return gained / (gained + 1 + known.lapses + HOUR * known.hours);
  }

  isProven(peer: PeerId): boolean {
    return (this.#evidence.get(peer)?.proofs ?? 0) > 0;
  }

  /** This node's own kernel accepted a proof that the peer found. */
  proved(peer: PeerId): void {
    this.#of(peer).proofs++;
  }

  /** A claim of the peer ran out without a last word. */
  lapsed(peer: PeerId): void {
    this.#of(peer).lapses++;
  }

  /** The peer held claims for so long. */
  worked(peer: PeerId, seconds: number): void {
    this.#of(peer).hours += seconds / 3600;
  }

  #of(peer: PeerId): Evidence {
    let known = this.#evidence.get(peer);
    if (known !== undefined) return known;
    if (this.#evidence.size >= MAX_PEERS) this.#forgetOne();
    known = { proofs: 0, lapses: 0, hours: 0 };
    this.#evidence.set(peer, known);
    return known;
  }

  /** The oldest that never proved anything, else the oldest of all: new keys must not push out who earned trust. */
  #forgetOne(): void {
    let victim: PeerId | undefined;
    for (const [peer, { proofs }] of this.#evidence) {
      victim ??= peer;
      if (proofs > 0) continue;
      victim = peer;
      break;
    }
    if (victim !== undefined) this.#evidence.delete(victim);
  }
}
