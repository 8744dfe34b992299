import type { ContentId, WorkClaim, PeerId } from '../../record/index.ts';
import { ClaimTable, type ClaimTableInit } from './claim-table.ts';
import { EffortLedger, type Method, type ReportedEffort } from './effort-ledger.ts';
import { expectedGain, totalUnits } from './expected-gain.ts';
import { compareNonces, type LiveClaim } from './live-claim.ts';
import type { Candidate, Choice, ClaimOutcome, CredibilitySource, Strength } from './types.ts';
import { WeightedIndex } from './weighted-index.ts';

export interface AllocatorComponents {
  /** What peers have shown. `Credibility` is one; a network's reputation may be multiplied in. */
  readonly credibility: CredibilitySource;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Told of a claim that ran out without a last word, and of time under claim. */
  readonly onLapse?: (claimant: PeerId) => void;
  readonly onWork?: (claimant: PeerId, seconds: number) => void;
  /** Told when other peers work on a statement than before. */
  readonly onHolders?: (statement: ContentId) => void;
}

export interface AllocatorInit {
  readonly strength: Strength;
  /** Share of choices that pays no attention to weights, so that nothing is ever left aside; 0.1 unless set. */
  readonly randomShare?: number;
  readonly claims?: ClaimTableInit;
}

interface Entry {
  candidate: Candidate;
  /** Weight without the discount for claims. */
  base: number;
  gain: number;
  /** This node works on it. */
  own: boolean;
}

/** Weight doubles with so many steps of priority. */
const PRIORITY_STEPS = 1.5;
const MIDDLE_PRIORITY = 4;
/** Work in seconds of the reference node after which a statement's need for attention is halved. */
const NEED_UNITS = 1800;
/**
 * What others work on is drawn again, a few times: where most statements are taken, weights alone would still send many
 * to them. Holding a statement for long takes its discount below this, and the random share is never drawn again.
 */
const REDRAWN_DISCOUNT = 0.5;
const MAX_DRAWS = 4;
/** Weight of a claim from which on it makes another node yield: a newcomer's, spread over no more than its allowance. */
const YIELD_WEIGHT = 0.3;
const MAX_YIELDS = 2;
/** Above 1: better chances draw more than their share. */
const SHARPNESS = 1.25;

/**
 * Chooses what this node tries next. A statement's weight is its curator's priority × its need (little work so far) ×
 * the chance that this node's next try solves it × what claims of others leave; one is drawn in proportion to weight,
 * so that nodes which know the same do not all choose the same. Weights are kept up to date as things are heard; a choice
 * among 100,000 takes microseconds.
 */
export class Allocator {
  readonly #random: () => number;
  readonly #randomShare: number;
  readonly #entries = new Map<ContentId, Entry>();
  readonly #index = new WeightedIndex<ContentId>();
  readonly #efforts = new EffortLedger();
  readonly #claims: ClaimTable;
  readonly #credibility: CredibilitySource;
  #strength: Strength;
  #now = 0;
  /** Statements left to others since one was kept. */
  #yields = 0;

  constructor(components: AllocatorComponents, init: AllocatorInit) {
    this.#random = components.random;
    this.#randomShare = init.randomShare ?? 0.1;
    this.#strength = init.strength;
    this.#credibility = components.credibility;
    this.#claims = new ClaimTable(
      {
        credibility: components.credibility,
        isOpen: (id) => this.#entries.has(id),
        onChange: (id) => this.#refresh(id),
        onEffort: (report) => this.#heard(report),
        ...(components.onLapse ? { onLapse: components.onLapse } : {}),
        ...(components.onWork ? { onWork: components.onWork } : {}),
        ...(components.onHolders ? { onHolders: components.onHolders } : {}),
      },
      init.claims,
    );
  }

  /** Statements to choose from, those of other environments and those under work included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Adds an open statement, or takes note of its new priority. */
  put(candidate: Candidate): void {
    const known = this.#entries.get(candidate.id);
    if (known !== undefined) known.candidate = candidate;
    else this.#entries.set(candidate.id, { candidate, base: 0, gain: 0, own: false });
    this.#revalue(candidate.id);
  }

  /** The statement is off the board. */
  remove(id: ContentId): void {
    this.#entries.delete(id);
    this.#index.delete(id);
    this.#efforts.forget(id);
    this.#claims.forget(id);
  }

  /** What this node can do has changed: another policy, model or speed. Values everything anew. */
  setStrength(strength: Strength): void {
    this.#strength = strength;
    for (const id of this.#entries.keys()) this.#revalue(id);
  }

  /** A claim or heartbeat of a peer, its signature checked. @param now in milliseconds that never go back */
  heard(claim: WorkClaim, now: number): ClaimOutcome {
    this.#now = Math.max(this.#now, now);
    return this.#claims.accept(claim, this.#now);
  }

  /** This node's own work on a statement; `wholeTry` where a try has ended without a proof. */
  worked(id: ContentId, method: Method, units: number, options: { readonly wholeTry: boolean }): void {
    if (!this.#entries.has(id)) return;
    this.#efforts.add(id, method, units, true);
    if (options.wholeTry) this.#efforts.addTry(id, method, units);
    this.#revalue(id);
  }

  /** Chooses up to `count` different statements and reserves them until `release` or `remove`. */
  choose(count: number, now: number): Choice[] {
    this.#now = Math.max(this.#now, now);
    this.#claims.expire(this.#now);
    const chosen: Choice[] = [];
    while (chosen.length < count) {
      const choice = this.#drawOne();
      if (choice === undefined) break;
      this.#entry(choice.statement).own = true;
      this.#refresh(choice.statement);
      chosen.push(choice);
    }
    return chosen;
  }

  /** This node no longer works on it. */
  release(id: ContentId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.own = false;
    this.#refresh(id);
  }

  /**
   * Whether to leave a statement that was chosen at `chosenAt` to somebody who chose it at the same moment: of those
   * whose word is taken, whoever's nonce comes first stays. To be asked once, when claims have had time to get around.
   * Says no after two in a row, as a peer could answer every claim with one of its own.
   */
  shouldYield(own: Pick<WorkClaim, 'statement' | 'nonce'>, chosenAt: number, now: number): boolean {
    this.#now = Math.max(this.#now, now);
    this.#claims.expire(this.#now);
    const yields =
      this.#yields < MAX_YIELDS &&
      this.#claims
        .rivals(own.statement)
        .some(
          ({ claim, weight }) =>
            weight >= YIELD_WEIGHT && claim.begunAt >= chosenAt && compareNonces(claim.nonce, own.nonce) < 0,
        );
    this.#yields = yields ? this.#yields + 1 : 0;
    return yields;
  }

  /** How much less a statement is worth because others say that they work on it; 0 where nobody does. */
  discount(id: ContentId, now: number): number {
    this.#claims.expire(Math.max(this.#now, now));
    return this.#claims.discount(id, Math.max(this.#now, now));
  }

  /** Whether any peer says that it works on it. */
  isClaimed(id: ContentId): boolean {
    return this.#claims.holders(id).length > 0;
  }

  /** Who says that they work on it; leases that have run out may still be among them until `expire`. */
  holders(id: ContentId): readonly Readonly<LiveClaim>[] {
    return this.#claims.holders(id);
  }

  /** Forgets the leases that have run out. */
  expire(now: number): void {
    this.#now = Math.max(this.#now, now);
    this.#claims.expire(this.#now);
  }

  #drawOne(): Choice | undefined {
    if (this.#random() < this.#randomShare) {
      const id = this.#drawEvenly();
      if (id !== undefined) return this.#choice(id, 'random');
    }
    let best: Choice | undefined;
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const id = this.#index.draw(this.#random());
      if (id === undefined) break;
      const choice = this.#choice(id, 'weighed');
      if (best === undefined || choice.discount < best.discount) best = choice;
      if (best.discount < REDRAWN_DISCOUNT) break;
    }
    return best;
  }

  #choice(statement: ContentId, by: Choice['by']): Choice {
    const { gain } = this.#entry(statement);
    return { statement, by, gain, discount: this.#claims.discount(statement, this.#now) };
  }

  /** A statement that this node may work on, claims and chances aside; undefined where luck does not find one soon. */
  #drawEvenly(): ContentId | undefined {
    for (let attempt = 0; attempt < 8; attempt++) {
      const id = this.#index.drawEvenly(this.#random());
      if (id !== undefined && this.#index.weightOf(id) > 0) return id;
    }
    return undefined;
  }

  #heard({ statement, claimant, units, wholeTry, ...method }: ReportedEffort): void {
    const proven = this.#credibility.isProven(claimant);
    this.#efforts.add(statement, method, units * this.#credibility.of(claimant), proven);
    if (wholeTry !== undefined && proven) this.#efforts.addTry(statement, method, wholeTry);
    this.#revalue(statement);
  }

  /** Chance and need, after work or a change of priority. */
  #revalue(id: ContentId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const { candidate } = entry;
    if (!this.#strength.supports(candidate.environment)) {
      entry.base = 0;
    } else {
      const efforts = this.#efforts.of(id);
      entry.gain = expectedGain(candidate.difficulty, efforts, this.#strength);
      const need = 1 / (1 + totalUnits(efforts) / NEED_UNITS);
      const priority = 2 ** ((candidate.priority - MIDDLE_PRIORITY) / PRIORITY_STEPS);
      entry.base = priority * need * entry.gain ** SHARPNESS;
    }
    this.#refresh(id);
  }

  #refresh(id: ContentId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const free = entry.own ? 0 : 1 - this.#claims.discount(id, this.#now);
    this.#index.set(id, entry.base * free);
  }

  #entry(id: ContentId): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new TypeError(`${id} is in the index but no candidate`);
    return entry;
  }
}
