import { MAX_LEASE_MS, type ContentId, type WorkClaim } from '../../../../core/record/index.ts';
import type { Random } from './random.ts';

/** What hostile claimants do; each hostile node has several keys. */
export const HOSTILE_WAYS = [
  /** Claims all over the board with the longest lease there is, and never sends a heartbeat or a last word. */
  'claim-all',
  /** Holds the same few statements for ever, with heartbeats in time. */
  'camp',
  /** A new key for every claim. */
  'new-keys',
  /** Says that it has tried for hours, in vain. */
  'boast',
] as const;
export type HostileWay = (typeof HOSTILE_WAYS)[number];

const KEYS = 4;
const CLAIMS_A_KEY = 4;
/** Time between a hostile node's rounds of claims. */
export const HOSTILE_PERIOD_MS = 120_000;

/** One hostile node. */
export class Hostile {
  readonly #name: string;
  readonly #way: HostileWay;
  readonly #random: Random;
  /** What campers hold: the same for all of them, so that they weigh together. */
  readonly #targets: readonly ContentId[];
  readonly #all: readonly ContentId[];
  #round = 0;

  constructor(
    name: string,
    way: HostileWay,
    random: Random,
    targets: readonly ContentId[],
    all: readonly ContentId[],
  ) {
    this.#name = name;
    this.#way = way;
    this.#random = random;
    this.#targets = targets;
    this.#all = all;
  }

  /** Its claims of one round. */
  claims(now: number): WorkClaim[] {
    this.#round++;
    const claims: WorkClaim[] = [];
    for (let key = 0; key < KEYS; key++) {
      for (let i = 0; i < CLAIMS_A_KEY; i++) {
        const suffix = this.#way === 'new-keys' ? `${key}-${this.#round}` : `${key}`;
        const camping = this.#way !== 'claim-all';
        claims.push({
          claimant: `${this.#name}-${suffix}`,
          statement: this.#random.pick(camping ? this.#targets : this.#all),
          // The lowest nonces make others yield, where they do.
          nonce: Uint8Array.of(0, 0, ...this.#random.bytes(6)),
          beat: this.#way === 'camp' ? this.#round : 0,
          state: this.#way === 'boast' && i % 2 === 1 ? 'ended' : 'working',
          issuedAt: now,
          expiresAt: now + MAX_LEASE_MS,
          effort: {
            policy: this.#random.pick(['portfolio', 'llama']),
            seconds: this.#way === 'boast' ? 604_800 : 0,
            speed: 1_000_000,
          },
        });
      }
    }
    return claims;
  }
}
