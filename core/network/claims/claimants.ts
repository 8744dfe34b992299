import type { PeerId } from '../../record/index.ts';
import type { LiveClaim } from './live-claim.ts';
import type { CredibilitySource } from './types.ts';

/** A claim may come so much later than this claimant's claims come at best, in milliseconds. */
const MAX_DELAY_MS = 90_000;
/** What was learnt of a claimant's clock is forgotten after so long without a timely claim. */
const MEMORY_MS = 30 * 60_000;

/** A peer that has made claims. */
export class Claimant {
  readonly claims = new Set<LiveClaim>();
  heardAt: number;
  /** Least difference seen between this node's clock and the times of issue: skew and shortest way. */
  #offset: number | undefined;

  constructor(now: number) {
    this.heardAt = now;
  }

  /**
   * Whether a claim comes when this claimant's claims come. Only differences are compared, so that a clock that is off
   * by a day does no harm; what is replayed or was held up comes later than the others did.
   */
  isTimely(issuedAt: number, now: number): boolean {
    const offset = now - issuedAt;
    const known = now - this.heardAt > MEMORY_MS ? undefined : this.#offset;
    if (known !== undefined && offset > known + MAX_DELAY_MS) return false;
    this.#offset = Math.min(known ?? offset, offset);
    this.heardAt = now;
    return true;
  }
}

/** The peers whose claims are counted; bounded, and newcomers make room first. */
export class Claimants {
  readonly #credibility: CredibilitySource;
  readonly #max: number;
  readonly #claimants = new Map<PeerId, Claimant>();

  constructor(credibility: CredibilitySource, max: number) {
    this.#credibility = credibility;
    this.#max = max;
  }

  get(peer: PeerId): Claimant | undefined {
    return this.#claimants.get(peer);
  }

  /** The claimant, made where there is room for it. */
  admit(peer: PeerId, now: number): Claimant | undefined {
    const known = this.#claimants.get(peer);
    if (known !== undefined) return known;
    if (this.#claimants.size >= this.#max && !this.#makeRoom(peer, now)) return undefined;
    const claimant = new Claimant(now);
    this.#claimants.set(peer, claimant);
    return claimant;
  }

  /** Idle claimants go first; a proven peer may take the place of a newcomer, whose claims then count no more. */
  #makeRoom(peer: PeerId, now: number): boolean {
    let victim: PeerId | undefined;
    for (const [other, claimant] of this.#claimants) {
      if (claimant.claims.size === 0 && now - claimant.heardAt > MAX_DELAY_MS) {
        victim = other;
        break;
      }
      if (
        claimant.claims.size === 0 ||
        (this.#credibility.isProven(peer) && !this.#credibility.isProven(other))
      )
        victim ??= other;
    }
    return victim !== undefined && this.#claimants.delete(victim);
  }
}
