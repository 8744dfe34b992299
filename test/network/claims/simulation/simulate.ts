import type { ContentId, WorkClaim } from '../../../../core/record/index.ts';
import { ExpiryQueue } from '../../../../core/network/claims/expiry-queue.ts';
import { Hostile, HOSTILE_PERIOD_MS, HOSTILE_WAYS } from './hostile.ts';
import { Measures, type Figures } from './measures.ts';
import { CentralScheduler, RandomMind, repeats, SwarmMind, type Mind } from './minds.ts';
import { Random } from './random.ts';
import { makeWorld, SECONDS_PER_TRY, type SimulatedNode, type World, type WorldSettings } from './world.ts';

export interface SimulationSettings extends WorldSettings {
  /**
   * `deaf`: the swarm's allocation, but nobody hears of claims; `random`: any open statement, evenly;
   * `central`: one scheduler with the knowledge of all and no delay; `oracle`: one that also knows how hard statements
   * are.
   */
  readonly way: 'swarm' | 'deaf' | 'random' | 'central' | 'oracle';
  /** Hostile nodes as a share of the honest ones. */
  readonly hostile: number;
}

const TRY_MS = SECONDS_PER_TRY * 1000;
const BEAT_MS = 60_000;
/** Share of claims that gossip loses, for each receiver. */
const LOSS = 0.02;
/** Statements that hostile nodes would like nobody to work on. */
const TARGETS = 20;

type News =
  | { readonly kind: 'claim'; readonly at: number; readonly from: number; readonly claim: WorkClaim }
  | { readonly kind: 'solved'; readonly at: number; readonly id: ContentId; readonly finder: string };

interface Worker {
  readonly index: number;
  readonly node: SimulatedNode;
  readonly mind: Mind;
  /** The next news that it has not heard. */
  cursor: number;
  work: { readonly id: ContentId; readonly since: number } | undefined;
  dead: boolean;
}

type Action = () => void;

/** Runs nodes in simulated time; the swarm's decisions are the product's own code. */
export function simulate(settings: SimulationSettings): Figures {
  return new Simulation(settings).run();
}

class Simulation {
  readonly #settings: SimulationSettings;
  readonly #world: World;
  readonly #random: Random;
  readonly #luck: Random;
  readonly #actions = new ExpiryQueue<Action>();
  readonly #news: News[] = [];
  readonly #workers: Worker[];
  readonly #central: CentralScheduler;
  readonly #measures: Measures;
  readonly #solved = new Set<ContentId>();
  readonly #numbers: Map<ContentId, number>;
  #now = 0;

  constructor(settings: SimulationSettings) {
    this.#settings = settings;
    this.#world = makeWorld(settings);
    this.#random = new Random(settings.seed + 1);
    this.#luck = new Random(settings.seed + 2);
    this.#central = new CentralScheduler(this.#world, settings.way === 'oracle');
    this.#numbers = new Map(this.#world.statements.map(({ candidate }, i) => [candidate.id, i]));
    const targets = this.#world.statements.slice(0, TARGETS).map(({ candidate }) => candidate.id);
    this.#measures = new Measures(this.#world, targets);
    this.#workers = this.#world.nodes.map((node, index) => ({
      index,
      node,
      mind: this.#mind(node),
      cursor: 0,
      work: undefined,
      dead: false,
    }));
    const all = this.#world.statements.map(({ candidate }) => candidate.id);
    for (let i = 0; i < Math.round(settings.hostile * settings.nodes); i++) {
      const way = HOSTILE_WAYS[i % HOSTILE_WAYS.length] ?? 'claim-all';
      this.#startHostile(new Hostile(`hostile-${i}`, way, this.#random, targets, all));
    }
  }

  run(): Figures {
    for (const worker of this.#workers) {
      // Not all at one moment, but near it: the worst case for choosing alike.
      this.#at(this.#random.next() * 10_000, () => this.#choose(worker));
      if (worker.node.diesAt !== undefined) this.#at(worker.node.diesAt, () => this.#die(worker));
    }
    const { horizonMs } = this.#settings;
    while ((this.#actions.next ?? Infinity) <= horizonMs) {
      this.#now = this.#actions.next ?? horizonMs;
      this.#actions.popDue(this.#now)?.();
    }
    this.#now = horizonMs;
    for (const worker of this.#workers) {
      if (worker.work !== undefined) this.#measures.stopped(worker.work.id, horizonMs);
    }
    return this.#measures.figures(horizonMs);
  }

  get #isCentral(): boolean {
    return this.#settings.way === 'central' || this.#settings.way === 'oracle';
  }

  #mind(node: SimulatedNode): Mind {
    switch (this.#settings.way) {
      case 'swarm':
      case 'deaf':
        return new SwarmMind(node, this.#world, this.#random);
      case 'random':
        return new RandomMind(this.#world, this.#random);
      case 'central':
      case 'oracle':
        return this.#central.mindOf(node);
    }
  }

  #startHostile(hostile: Hostile): void {
    const round = (): void => {
      for (const claim of hostile.claims(this.#now)) this.#publish(-1, claim);
      this.#at(this.#now + HOSTILE_PERIOD_MS, round);
    };
    this.#at(this.#random.next() * HOSTILE_PERIOD_MS, round);
  }

  #choose(worker: Worker): void {
    if (worker.dead) return;
    this.#catchUp(worker);
    const id = worker.mind.choose(this.#now);
    if (id === undefined) {
      this.#at(this.#now + 10_000, () => this.#choose(worker));
      return;
    }
    const work = { id, since: this.#now };
    worker.work = work;
    this.#measures.started(id, this.#now);
    this.#publish(worker.index, worker.mind.begin(id, this.#now));
    const still = (action: Action) => (): void => {
      if (worker.work === work) action();
    };
    // Twice the usual delay, so that the claims of the same moment have come.
    const settleMs = Math.max(2000, 2 * this.#settings.delayMs);
    this.#at(
      this.#now + settleMs,
      still(() => this.#settle(worker)),
    );
    for (let beat = BEAT_MS; beat < TRY_MS; beat += BEAT_MS) {
      this.#at(
        this.#now + beat,
        still(() => worker.mind.beats(this.#now).forEach((claim) => this.#publish(worker.index, claim))),
      );
    }
    const seconds = this.#secondsToSolve(worker, id);
    if (seconds <= SECONDS_PER_TRY)
      this.#at(
        this.#now + seconds * 1000,
        still(() => this.#solve(worker, id)),
      );
    else
      this.#at(
        this.#now + TRY_MS,
        still(() => this.#stop(worker, true)),
      );
  }

  #secondsToSolve({ node }: Worker, id: ContentId): number {
    const work = this.#world.statements[this.#numbers.get(id) ?? 0]?.work[node.method] ?? Infinity;
    return (repeats(node) ? work : work * this.#luck.exponential()) / node.strength.speed;
  }

  #settle(worker: Worker): void {
    this.#catchUp(worker);
    const id = worker.work?.id;
    if (id !== undefined && worker.mind.shouldYield(id, this.#now)) this.#stop(worker, false);
  }

  #stop(worker: Worker, failed: boolean): void {
    const { work } = worker;
    if (work === undefined) return;
    worker.work = undefined;
    this.#measures.stopped(work.id, this.#now);
    if (failed) this.#measures.failed(work.id, worker.node);
    this.#publish(worker.index, worker.mind.end(work.id, this.#now, failed));
    this.#choose(worker);
  }

  #solve(worker: Worker, id: ContentId): void {
    if (!this.#solved.has(id)) {
      this.#solved.add(id);
      this.#measures.solved(id, this.#now);
      this.#central.solved(id);
      this.#news.push({ kind: 'solved', at: this.#now, id, finder: worker.node.peer });
      for (const other of this.#workers) {
        if (other !== worker && other.work?.id === id) {
          const { work } = other;
          const heardAt = this.#now + (this.#isCentral ? 0 : other.node.delayMs);
          this.#at(heardAt, () => {
            if (other.work === work) this.#stop(other, false);
          });
        }
      }
    }
    worker.mind.hearSolved(id, worker.node.peer);
    this.#stop(worker, false);
  }

  #die(worker: Worker): void {
    const { work } = worker;
    worker.dead = true;
    worker.work = undefined;
    if (work === undefined) return;
    this.#central.died(work.id);
    this.#measures.stopped(work.id, this.#now);
    if (this.#solved.has(work.id)) return;
    const death = this.#measures.died(work.id, this.#now);
    const witness = this.#random.pick(this.#workers.filter((other) => !other.dead));
    const look = (): void => {
      if (witness.dead || this.#solved.has(work.id)) return;
      this.#catchUp(witness);
      if (witness.mind.discount(work.id, this.#now) === 0) death.freeAt ??= this.#now;
      else if (death.retakenAt === undefined) this.#at(this.#now + 5000, look);
    };
    look();
  }

  #publish(from: number, claim: WorkClaim | undefined): void {
    if (claim !== undefined) this.#news.push({ kind: 'claim', at: this.#now, from, claim });
  }

  /** Hands a node all that has reached it by now, each at the time when it did. */
  #catchUp(worker: Worker): void {
    const { delayMs } = worker.node;
    for (; worker.cursor < this.#news.length; worker.cursor++) {
      const news = this.#news[worker.cursor];
      if (news === undefined || news.at + delayMs > this.#now) return;
      if (news.kind === 'solved') worker.mind.hearSolved(news.id, news.finder);
      else if (this.#settings.way === 'swarm' && news.from !== worker.index && this.#random.next() >= LOSS) {
        worker.mind.hear(news.claim, news.at + delayMs);
      }
    }
  }

  #at(time: number, action: Action): void {
    this.#actions.push(time, action);
  }
}
