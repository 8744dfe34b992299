import type { ContentId, PeerId, WorkClaim } from '../../../../core/record/index.ts';
import { Allocator, Credibility, WorkLeases } from '../../../../core/network/claims/index.ts';
import { EffortLedger } from '../../../../core/network/claims/effort-ledger.ts';
import { expectedGain } from '../../../../core/network/claims/expected-gain.ts';
import type { Random } from './random.ts';
import { METHODS, type SimulatedNode, type World } from './world.ts';

/** How one node decides. Times are in milliseconds. */
export interface Mind {
  choose(now: number): ContentId | undefined;
  /** Starts the claim on what was chosen. */
  begin(id: ContentId, now: number): WorkClaim | undefined;
  shouldYield(id: ContentId, now: number): boolean;
  beats(now: number): readonly WorkClaim[];
  /** Stops work: `failed` where a whole try found nothing. */
  end(id: ContentId, now: number, failed: boolean): WorkClaim | undefined;
  hear(claim: WorkClaim, at: number): void;
  hearSolved(id: ContentId, finder: PeerId): void;
  discount(id: ContentId, now: number): number;
}

/** The product's own code. */
export class SwarmMind implements Mind {
  readonly #node: SimulatedNode;
  readonly #allocator: Allocator;
  readonly #leases: WorkLeases;
  readonly #credibility = new Credibility();
  #claim: { readonly claim: WorkClaim; readonly at: number } | undefined;

  constructor(node: SimulatedNode, world: World, random: Random) {
    this.#node = node;
    this.#allocator = new Allocator(
      {
        credibility: this.#credibility,
        random: random.next,
        onLapse: (peer) => this.#credibility.lapsed(peer),
        onWork: (peer, seconds) => this.#credibility.worked(peer, seconds),
      },
      { strength: node.strength },
    );
    this.#leases = new WorkLeases({ nonce: () => random.bytes(8) }, { claimant: node.peer });
    for (const { candidate } of world.statements) this.#allocator.put(candidate);
  }

  choose(now: number): ContentId | undefined {
    return this.#allocator.choose(1, now)[0]?.statement;
  }

  begin(id: ContentId, now: number): WorkClaim {
    const { policy, model, speed } = this.#node.strength;
    const method = { policy, ...(model === undefined ? {} : { model }), speed: Math.round(speed * 1000) };
    const claim = this.#leases.begin(id, method, now);
    this.#claim = { claim, at: now };
    return claim;
  }

  shouldYield(_: ContentId, now: number): boolean {
    return this.#claim !== undefined && this.#allocator.shouldYield(this.#claim.claim, this.#claim.at, now);
  }

  beats(now: number): WorkClaim[] {
    return this.#leases.beats(now);
  }

  end(id: ContentId, now: number, failed: boolean): WorkClaim | undefined {
    const last = this.#leases.end(id, now);
    const { speed, policy, model } = this.#node.strength;
    this.#allocator.worked(id, { policy, model }, (last?.effort.seconds ?? 0) * speed, { wholeTry: failed });
    this.#allocator.release(id);
    return last;
  }

  hear(claim: WorkClaim, at: number): void {
    this.#allocator.heard(claim, at);
  }

  hearSolved(id: ContentId, finder: PeerId): void {
    this.#credibility.proved(finder);
    this.#allocator.remove(id);
  }

  discount(id: ContentId, now: number): number {
    return this.#allocator.discount(id, now);
  }
}

/** Any statement that is not known to be solved; nobody tells anybody what they do. */
export class RandomMind implements Mind {
  readonly #random: Random;
  readonly #open: ContentId[];
  readonly #places: Map<ContentId, number>;

  constructor(world: World, random: Random) {
    this.#random = random;
    this.#open = world.statements.map(({ candidate }) => candidate.id);
    this.#places = new Map(this.#open.map((id, place) => [id, place]));
  }

  choose(): ContentId | undefined {
    return this.#open[this.#random.below(this.#open.length)];
  }

  begin(): undefined {}
  shouldYield(): boolean {
    return false;
  }
  beats(): [] {
    return [];
  }
  end(): undefined {}
  hear(): void {}

  hearSolved(id: ContentId): void {
    const place = this.#places.get(id);
    const last = this.#open.pop();
    if (place === undefined || last === undefined) return;
    this.#places.delete(id);
    if (last === id) return;
    this.#open[place] = last;
    this.#places.set(last, place);
  }

  discount(): number {
    return 0;
  }
}

/** The chance that a try solves, for whoever knows the work that it takes. */
function trueGain(work: number, node: SimulatedNode): number {
  const units = node.strength.speed * node.strength.secondsPerTry;
  if (repeats(node)) return work <= units ? 1 : 0;
  return 1 - Math.exp(-units / work);
}

/** Knows at once what all do, and gives each node the free statement that it has the best chance with. */
export class CentralScheduler {
  readonly #world: World;
  readonly #efforts = new EffortLedger();
  readonly #open: Set<ContentId>;
  readonly #working = new Set<ContentId>();
  readonly #knowsWork: boolean;

  constructor(world: World, knowsWork: boolean) {
    this.#world = world;
    this.#knowsWork = knowsWork;
    this.#open = new Set(world.statements.map(({ candidate }) => candidate.id));
  }

  mindOf(node: SimulatedNode): Mind {
    const { policy, model, speed } = node.strength;
    let startedAt = 0;
    return {
      choose: () => {
        let best: ContentId | undefined;
        let bestGain = 0;
        for (const { candidate, work } of this.#world.statements) {
          if (!this.#open.has(candidate.id) || this.#working.has(candidate.id)) continue;
          const gain = this.#knowsWork
            ? trueGain(work[node.method] ?? Infinity, node)
            : expectedGain(candidate.difficulty, this.#efforts.of(candidate.id), node.strength);
          if (gain > bestGain) [best, bestGain] = [candidate.id, gain];
        }
        return best ?? [...this.#open].find((id) => !this.#working.has(id)) ?? [...this.#open][0];
      },
      begin: (id, now) => {
        startedAt = now;
        this.#working.add(id);
        return undefined;
      },
      shouldYield: () => false,
      beats: () => [],
      end: (id, now, failed) => {
        const units = ((now - startedAt) / 1000) * speed;
        this.#working.delete(id);
        this.#efforts.add(id, { policy, model }, units, true);
        if (failed) this.#efforts.addTry(id, { policy, model }, units);
        return undefined;
      },
      hear: () => {},
      hearSolved: () => {},
      discount: () => 0,
    };
  }

  /** Told at the moment itself. */
  solved(id: ContentId): void {
    this.#open.delete(id);
    this.#working.delete(id);
  }

  died(id: ContentId): void {
    this.#working.delete(id);
  }
}

export const repeats = (node: SimulatedNode): boolean => METHODS[node.method]?.repeats ?? false;
