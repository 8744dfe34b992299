import type { ContentId, PeerId, WorkClaim } from '../../record/index.ts';
import { Buckets } from '../wire/token-bucket.ts';
import { Claimants } from './claimants.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { claimWeight, combinedDiscount, HeldStatement } from './held-statement.ts';
import { compareNonces, type LiveClaim } from './live-claim.ts';
import type { ReportedEffort } from './effort-ledger.ts';
import type { ClaimOutcome, CredibilitySource } from './types.ts';

export interface ClaimTableComponents {
  readonly credibility: CredibilitySource;
  /** Whether a statement is open here; claims on others are not kept. */
  readonly isOpen: (statement: ContentId) => boolean;
  /** Told of work that a claimant says was done on a statement, held to what can have been done since it was heard. */
  readonly onEffort?: (report: ReportedEffort) => void;
  /** Told when the discount of a statement may have changed. */
  readonly onChange?: (statement: ContentId) => void;
  /** Told when others work on a statement than before. */
  readonly onHolders?: (statement: ContentId) => void;
  /** Told of a claim that ran out without a last word. */
  readonly onLapse?: (claimant: PeerId) => void;
  /** Told how long a claimant has worked, in seconds, by its own word and no more than can be. */
  readonly onWork?: (claimant: PeerId, seconds: number) => void;
}

export interface ClaimTableInit {
  /** No lease is counted for longer, in milliseconds; 180,000 unless set. */
  readonly maxLeaseMs?: number;
  /** Claims of one peer that are counted; 16 unless set. */
  readonly maxPerClaimant?: number;
  /** Claims on one statement that are counted; 16 unless set. */
  readonly maxPerStatement?: number;
  /** Peers whose claims are counted; 4096 unless set. */
  readonly maxClaimants?: number;
  /** New claims a second taken of all newcomers together; 50 unless set, in bursts of 500. */
  readonly newcomersPerSecond?: number;
}

/** A claimant may be faster than the reference node by so much before it is no longer believed. */
const MAX_SPEED = 32;
/** Shortest lease that is counted, and shortest time between heartbeats that are heard, in milliseconds. */
const MIN_LEASE_MS = 10_000;
const MIN_BEAT_MS = 5000;

/**
 * The claims that peers hold, as far as this node has heard. Each is counted from when it was heard and no longer than
 * the longest lease, so that no clock but this node's matters. All is bounded: what has no room is not counted.
 * Signatures have been checked before.
 */
export class ClaimTable {
  readonly #components: ClaimTableComponents;
  readonly #limits: Required<Omit<ClaimTableInit, 'newcomersPerSecond'>>;
  readonly #claimants: Claimants;
  readonly #newcomers: Buckets;
  readonly #statements = new Map<ContentId, HeldStatement>();
  readonly #expiries = new ExpiryQueue<LiveClaim>();

  constructor(components: ClaimTableComponents, init: ClaimTableInit = {}) {
    this.#components = components;
    this.#limits = {
      maxLeaseMs: init.maxLeaseMs ?? 180_000,
      maxPerClaimant: init.maxPerClaimant ?? 16,
      maxPerStatement: init.maxPerStatement ?? 16,
      maxClaimants: init.maxClaimants ?? 4096,
    };
    const perSecond = init.newcomersPerSecond ?? 50;
    this.#newcomers = new Buckets({ perSecond, burst: 10 * perSecond }, 1);
    this.#claimants = new Claimants(components.credibility, this.#limits.maxClaimants);
  }

  /** Claims that are counted now. */
  get size(): number {
    let count = 0;
    for (const held of this.#statements.values()) count += held.working.length;
    return count;
  }

  /**
   * Takes a claim or a heartbeat.
   * @param now when it was heard, in milliseconds that never go back
   */
  accept(claim: WorkClaim, now: number): ClaimOutcome {
    this.expire(now);
    if (!this.#components.isOpen(claim.statement)) return 'not-open';
    const held = this.#statements.get(claim.statement)?.of(claim.claimant);
    if (held !== undefined && !isNewer(claim, held, now)) return 'stale';
    const refused = held === undefined ? this.#refuseNew(claim, now) : undefined;
    if (refused !== undefined) return refused;
    const claimant = this.#claimants.admit(claim.claimant, now);
    if (claimant === undefined) return 'crowded-out';
    if (!claimant.isTimely(claim.issuedAt, now)) return 'late';
    if (held === undefined) return this.#begin(claim, now);
    this.#renew(held, claim, now);
    return 'taken';
  }

  /** The narrowest bound first, so that one peer cannot use up what all newcomers have together. */
  #refuseNew({ claimant, state }: WorkClaim, now: number): ClaimOutcome | undefined {
    if (state === 'ended') return 'stale';
    const count = this.#claimants.get(claimant)?.claims.size ?? 0;
    if (count >= this.#limits.maxPerClaimant) return 'too-many';
    const proven = this.#components.credibility.isProven(claimant);
    return proven || this.#newcomers.take('all', 1, now) ? undefined : 'flood';
  }

  /** Forgets the leases that have run out. */
  expire(now: number): void {
    for (;;) {
      const due = this.#expiries.popDue(now);
      if (due === undefined) return;
      if (due.deadline > now) this.#expiries.push(due.deadline, due);
      else this.#drop(due, now, due.state === 'working');
    }
  }

  /**
   * How much less a statement is worth because others say that they work on it: 0 (nobody) to below 1. Credible peers
   * count one by one; newcomers count together and up to a bound, so that many keys are no more than a few; and the
   * longer a statement is held without being solved, the less holding it counts.
   */
  discount(statement: ContentId, now: number): number {
    const held = this.#statements.get(statement);
    return held === undefined
      ? 0
      : combinedDiscount(held, this.#claimants, this.#components.credibility, now);
  }

  /** Who says that they work on it. */
  holders(statement: ContentId): readonly LiveClaim[] {
    return this.#statements.get(statement)?.working ?? [];
  }

  /** Peers whose claim stands against one's own, each with its weight. */
  rivals(statement: ContentId): readonly { readonly claim: LiveClaim; readonly weight: number }[] {
    return this.holders(statement).map((claim) => ({
      claim,
      weight: claimWeight(claim, this.#claimants, this.#components.credibility),
    }));
  }

  /** The statement is off the board: its claims mean nothing any more, and nobody is blamed for not ending them. */
  forget(statement: ContentId): void {
    const held = this.#statements.get(statement);
    if (held === undefined) return;
    for (const claim of held.all) {
      claim.state = 'ended';
      this.#claimants.get(claim.claimant)?.claims.delete(claim);
    }
    this.#statements.delete(statement);
  }

  #begin(claim: WorkClaim, now: number): ClaimOutcome {
    let held = this.#statements.get(claim.statement);
    if (held !== undefined && held.all.length >= this.#limits.maxPerStatement) {
      const { credibility } = this.#components;
      const least = held.leastCredible(credibility);
      if (least === undefined || credibility.of(least.claimant) >= credibility.of(claim.claimant)) {
        return 'crowded-out';
      }
      this.#release(least, now);
    }
    if (held === undefined) this.#statements.set(claim.statement, (held = new HeldStatement()));
    const live: LiveClaim = {
      claimant: claim.claimant,
      statement: claim.statement,
      begunAt: now,
      nonce: claim.nonce,
      beat: claim.beat,
      issuedAt: claim.issuedAt,
      heardAt: now,
      deadline: now + this.#lease(claim),
      state: 'working',
      seconds: 0,
      policy: claim.effort.policy,
      model: claim.effort.model,
    };
    held.add(live, now);
    this.#claimants.get(claim.claimant)?.claims.add(live);
    this.#expiries.push(live.deadline, live);
    this.#components.onChange?.(claim.statement);
    this.#components.onHolders?.(claim.statement);
    return 'taken';
  }

  #renew(live: LiveClaim, claim: WorkClaim, now: number): void {
    if (compareNonces(claim.nonce, live.nonce) !== 0) {
      live.nonce = claim.nonce;
      live.begunAt = now;
      live.seconds = 0;
    }
    const changes = live.state !== claim.state;
    if (claim.effort.seconds > live.seconds || claim.state === 'ended') {
      this.#report(live, claim, (now - live.heardAt) / 1000);
    }
    live.beat = claim.beat;
    live.policy = claim.effort.policy;
    live.model = claim.effort.model;
    live.issuedAt = claim.issuedAt;
    live.heardAt = now;
    if (claim.state === 'ended') {
      // Kept until it would have run out, so that an earlier beat that comes late does not revive it.
      live.state = 'ended';
      this.#claimants.get(live.claimant)?.claims.delete(live);
    } else {
      if (live.state === 'ended') this.#claimants.get(live.claimant)?.claims.add(live);
      live.state = 'working';
      // The queue holds the earlier deadline; the later one is looked at when that falls due.
      live.deadline = Math.max(live.deadline, now + this.#lease(claim));
    }
    if (changes) this.#statements.get(live.statement)?.touch(now);
    this.#components.onChange?.(live.statement);
    if (changes) this.#components.onHolders?.(live.statement);
  }

  /** Passes on what was done since the last report, and not more than the time that went by allows. */
  #report(live: LiveClaim, { effort, state }: WorkClaim, elapsed: number): void {
    const seconds = Math.max(0, Math.min(effort.seconds - live.seconds, elapsed));
    live.seconds += seconds;
    const speed = Math.min(effort.speed / 1000, MAX_SPEED);
    const { policy, model } = effort;
    this.#components.onWork?.(live.claimant, seconds);
    this.#components.onEffort?.({
      statement: live.statement,
      claimant: live.claimant,
      policy,
      model,
      units: seconds * speed,
      ...(state === 'ended' ? { wholeTry: live.seconds * speed } : {}),
    });
  }

  #drop(live: LiveClaim, now: number, lapsed: boolean): void {
    this.#claimants.get(live.claimant)?.claims.delete(live);
    const held = this.#statements.get(live.statement);
    if (held?.remove(live, now) !== true) return;
    if (lapsed) this.#components.onLapse?.(live.claimant);
    this.#components.onChange?.(live.statement);
    if (lapsed) this.#components.onHolders?.(live.statement);
  }

  /** Makes room: the claim stays in the queue until it falls due, and is nobody's then. */
  #release(live: LiveClaim, now: number): void {
    live.state = 'ended';
    this.#drop(live, now, false);
  }

  #lease(claim: WorkClaim): number {
    const asked = claim.expiresAt - claim.issuedAt;
    return Math.min(Math.max(asked, MIN_LEASE_MS), this.#limits.maxLeaseMs);
  }
}

function isNewer(claim: WorkClaim, held: LiveClaim, now: number): boolean {
  if (claim.state === 'working' && now - held.heardAt < MIN_BEAT_MS) return false;
  return compareNonces(claim.nonce, held.nonce) === 0
    ? claim.beat > held.beat
    : claim.issuedAt > held.issuedAt;
}
