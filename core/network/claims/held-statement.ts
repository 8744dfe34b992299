import type { PeerId } from '../../record/index.ts';
import type { Claimants } from './claimants.ts';
import type { LiveClaim } from './live-claim.ts';
import type { CredibilitySource } from './types.ts';

/** Statements that a peer may work on side by side without its claims losing weight. */
const ALLOWANCE = 4;
/** All newcomers together take off at most so much. */
const NEWCOMERS_LIMIT = 0.93;
/** No statement is ever given up for claimed altogether. */
const LIMIT = 0.97;
/** Time under claim, unsolved, after which claims on a statement count half: newcomers', and others'. */
const NEWCOMERS_PATIENCE_MS = 60 * 60_000;
const PATIENCE_MS = 360 * 60_000;

/** The claims on one statement, and for how long it has been held. */
export class HeldStatement {
  readonly all: LiveClaim[] = [];
  #heldMs = 0;
  /** Since when it has been held without a break; undefined while nobody works on it. */
  #since: number | undefined;

  get working(): readonly LiveClaim[] {
    return this.all.filter((claim) => claim.state === 'working');
  }

  of(claimant: PeerId): LiveClaim | undefined {
    for (const claim of this.all) if (claim.claimant === claimant) return claim;
    return undefined;
  }

  add(claim: LiveClaim, now: number): void {
    this.all.push(claim);
    this.touch(now);
  }

  /** Whether it was there. */
  remove(claim: LiveClaim, now: number): boolean {
    const place = this.all.indexOf(claim);
    if (place >= 0) this.all.splice(place, 1);
    this.touch(now);
    return place >= 0;
  }

  /** Starts or stops the count of time under claim. */
  touch(now: number): void {
    const isHeld = this.all.some((claim) => claim.state === 'working');
    if (isHeld) this.#since ??= now;
    else if (this.#since !== undefined) {
      this.#heldMs += now - this.#since;
      this.#since = undefined;
    }
  }

  /** How long it has been under claim in all, in milliseconds. */
  heldMs(now: number): number {
    return this.#heldMs + (this.#since === undefined ? 0 : now - this.#since);
  }

  get isHeld(): boolean {
    return this.#since !== undefined;
  }

  leastCredible(credibility: CredibilitySource): LiveClaim | undefined {
    let least: LiveClaim | undefined;
    for (const claim of this.all) {
      if (least === undefined || credibility.of(claim.claimant) < credibility.of(least.claimant))
        least = claim;
    }
    return least;
  }
}

/** A claimant's credibility, thinned out over its claims where they are more than one node can work on. */
export function claimWeight(claim: LiveClaim, claimants: Claimants, credibility: CredibilitySource): number {
  const count = claimants.get(claim.claimant)?.claims.size;
  // Where others took its place, its claims count no more.
  return count === undefined ? 0 : credibility.of(claim.claimant) * Math.min(1, ALLOWANCE / count);
}

/** See `ClaimTable.discount`. */
export function combinedDiscount(
  held: HeldStatement,
  claimants: Claimants,
  credibility: CredibilitySource,
  now: number,
): number {
  if (!held.isHeld) return 0;
  let free = 1;
  let newcomersFree = 1;
  for (const claim of held.all) {
    if (claim.state !== 'working') continue;
    const left = 1 - soften(claimWeight(claim, claimants, credibility));
    if (credibility.isProven(claim.claimant)) free *= left;
    else newcomersFree *= left;
  }
  const heldMs = held.heldMs(now);
  const newcomers = Math.min(NEWCOMERS_LIMIT, 1 - newcomersFree) * halved(heldMs, NEWCOMERS_PATIENCE_MS);
  const others = (1 - free) * halved(heldMs, PATIENCE_MS);
  return Math.min(LIMIT, 1 - (1 - newcomers) * (1 - others));
}

/** A newcomer's weight of ½ must keep others away well enough in a swarm that has just begun: it becomes 0.84. */
const soften = (weight: number): number => Math.sqrt(Math.sqrt(weight));
const halved = (time: number, halfLife: number): number => 2 ** (-time / halfLife);
