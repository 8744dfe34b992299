import type { ContentId } from '../../../../core/record/index.ts';
import { repeats } from './minds.ts';
import type { SimulatedNode, World } from './world.ts';

export interface Figures {
  /** Statements solved by a quarter, a half and the whole of the time. */
  readonly solved: readonly [number, number, number];
  /** Share of all work that was done while another node worked on the same statement, or after it was solved. */
  readonly duplicated: number;
  /** The same less what nobody could avoid: at times there are more nodes than open statements. */
  readonly avoidable: number;
  /** Share of whole tries that repeated what the same policy had failed at before, no longer than then. */
  readonly repeated: number;
  /** Seconds from a claimant's death until the others count its statement as free, and until one of them takes it. */
  readonly freeAgain: readonly number[];
  readonly retaken: readonly number[];
  /** Statements of the dead that nobody took till the end, though unsolved. */
  readonly neverRetaken: number;
  /** Jain's index of the work that went into the statements that stayed unsolved: 1 is even. */
  readonly fairness: number;
  /** Share of the unsolved ones that nobody ever tried. */
  readonly untried: number;
  /** Work a statement that hostile nodes tried to keep to themselves got, against one of the others. */
  readonly targets: number;
}

export interface Death {
  readonly at: number;
  readonly id: ContentId;
  freeAt: number | undefined;
  retakenAt: number | undefined;
}

interface Tally {
  workers: number;
  since: number;
  /** Milliseconds of work, with one counted for each worker. */
  work: number;
  duplicated: number;
  solvedAt: number | undefined;
  readonly longestTry: Map<number, number>;
}

/** Watches a run from above; nothing of it is known to the nodes. */
export class Measures {
  readonly #tallies: Map<ContentId, Tally>;
  readonly #targets: ReadonlySet<ContentId>;
  readonly #deaths: Death[] = [];
  #open: number;
  #busy = 0;
  #changedAt = 0;
  #unavoidable = 0;
  #tries = 0;
  #repeats = 0;

  constructor(world: World, targets: readonly ContentId[]) {
    this.#targets = new Set(targets);
    this.#open = world.statements.length;
    this.#tallies = new Map(
      world.statements.map(({ candidate }) => [
        candidate.id,
        { workers: 0, since: 0, work: 0, duplicated: 0, solvedAt: undefined, longestTry: new Map() },
      ]),
    );
  }

  started(id: ContentId, now: number): void {
    this.#count(now);
    this.#busy++;
    const tally = this.#of(id);
    settle(tally, now);
    tally.workers++;
    for (const death of this.#deaths) {
      if (death.id === id && death.retakenAt === undefined) death.retakenAt = now;
    }
  }

  stopped(id: ContentId, now: number): void {
    this.#count(now);
    this.#busy--;
    const tally = this.#of(id);
    settle(tally, now);
    tally.workers--;
  }

  failed(id: ContentId, node: SimulatedNode): void {
    this.#tries++;
    if (!repeats(node)) return;
    const { longestTry } = this.#of(id);
    const length = node.strength.speed * node.strength.secondsPerTry;
    const before = longestTry.get(node.method) ?? 0;
    if (before >= length) this.#repeats++;
    longestTry.set(node.method, Math.max(before, length));
  }

  solved(id: ContentId, now: number): void {
    this.#count(now);
    this.#open--;
    const tally = this.#of(id);
    settle(tally, now);
    tally.solvedAt = now;
  }

  died(id: ContentId, now: number): Death {
    const death: Death = { at: now, id, freeAt: undefined, retakenAt: undefined };
    // Where somebody else works on it already, it was never dropped.
    if (this.#of(id).workers > 0) death.retakenAt = now;
    this.#deaths.push(death);
    return death;
  }

  figures(horizonMs: number): Figures {
    const tallies = [...this.#tallies.entries()];
    const solvedBy = (time: number): number =>
      tallies.filter(([, { solvedAt }]) => solvedAt !== undefined && solvedAt <= time).length;
    const unsolved = tallies.filter(([, { solvedAt }]) => solvedAt === undefined);
    const work = (entries: typeof tallies): number[] => entries.map(([, tally]) => tally.work);
    const all = sum(work(tallies));
    const duplicated = sum(tallies.map(([, tally]) => tally.duplicated));
    const isTarget = ([id]: (typeof tallies)[number]): boolean => this.#targets.has(id);
    const open = this.#deaths.filter(({ id }) => this.#of(id).solvedAt === undefined);
    return {
      solved: [solvedBy(horizonMs / 4), solvedBy(horizonMs / 2), solvedBy(horizonMs)],
      duplicated: duplicated / all,
      avoidable: Math.max(0, duplicated - this.#unavoidable) / all,
      repeated: this.#repeats / Math.max(1, this.#tries),
      freeAgain: this.#deaths.flatMap(({ at, freeAt }) =>
        freeAt === undefined ? [] : [(freeAt - at) / 1000],
      ),
      retaken: this.#deaths.flatMap(({ at, retakenAt }) =>
        retakenAt === undefined ? [] : [(retakenAt - at) / 1000],
      ),
      neverRetaken: open.filter(({ retakenAt }) => retakenAt === undefined).length,
      fairness: jain(work(unsolved)),
      untried: work(unsolved).filter((time) => time === 0).length / Math.max(1, unsolved.length),
      targets:
        mean(work(unsolved.filter(isTarget))) / mean(work(unsolved.filter((entry) => !isTarget(entry)))),
    };
  }

  #count(now: number): void {
    this.#unavoidable += Math.max(0, this.#busy - this.#open) * (now - this.#changedAt);
    this.#changedAt = now;
  }

  #of(id: ContentId): Tally {
    const tally = this.#tallies.get(id);
    if (tally === undefined) throw new TypeError(`no statement ${id}`);
    return tally;
  }
}

/** Counts the time since the last change. */
function settle(tally: Tally, now: number): void {
  const time = now - tally.since;
  const useful = tally.solvedAt === undefined ? Math.min(1, tally.workers) : 0;
  tally.work += time * tally.workers;
  tally.duplicated += time * (tally.workers - useful);
  tally.since = now;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length);
const jain = (values: readonly number[]): number =>
  sum(values) ** 2 / Math.max(1, values.length * sum(values.map((value) => value * value)));
