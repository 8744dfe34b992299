import type { PauseReason } from '../../api/index.ts';
import type { Statement } from '../../record/index.ts';
import { errorInWords } from '../../process/index.ts';
import type { Clock } from './clock.ts';
import type { DonationWorker } from './scheduler.ts';

/** A statement that is being worked on. */
export interface Job {
  /** Resolves when it has ended, however it did; never rejects. */
  readonly done: Promise<void>;
  stop(): void;
}

export interface LanesComponents {
  /** What to work on next; undefined where there is nothing now. */
  readonly next: (signal: AbortSignal) => Promise<Statement | undefined>;
  readonly begin: (statement: Statement) => Job;
  /** How many at one time. */
  readonly width: () => number;
  readonly clock: Clock;
  /** Something has begun or ended, or there is no more to do. */
  readonly onChange: () => void;
}

/** Asked for work again after so long where there was none, or where asking failed. */
const RETRY_MS = 15_000;

/** Keeps so many statements under way as the user allows, one after another. */
export class Lanes implements DonationWorker {
  readonly #components: LanesComponents;
  readonly #jobs = new Set<Job>();
  #order: 'work' | 'finish' | 'stop' = 'stop';
  #asking: AbortController | undefined;
  #cancelRetry: (() => void) | undefined;
  #idleReason: PauseReason | undefined;

  constructor(components: LanesComponents) {
    this.#components = components;
  }

  get busy(): number {
    return this.#jobs.size;
  }

  get idleReason(): PauseReason | undefined {
    return this.#jobs.size === 0 ? this.#idleReason : undefined;
  }

  set(order: 'work' | 'finish' | 'stop'): void {
    this.#order = order;
    if (order !== 'work') {
      this.#asking?.abort(new Error('no more work'));
      this.#cancelRetry?.();
      this.#cancelRetry = undefined;
      this.#idleReason = undefined;
    }
    if (order === 'stop') for (const job of this.#jobs) job.stop();
    if (order === 'work') this.#fill();
  }

  /** There may be work where there was none. */
  wake(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#fill();
  }

  /** Resolves when nothing is under way any more. */
  async drained(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.all([...this.#jobs].map(({ done }) => done));
  }

  #fill(): void {
    if (this.#order !== 'work' || this.#asking !== undefined || this.#cancelRetry !== undefined) return;
    if (this.#jobs.size >= this.#components.width()) return;
    const asking = new AbortController();
    this.#asking = asking;
    this.#components
      .next(asking.signal)
      .then((statement) => {
        this.#asking = undefined;
        if (this.#order !== 'work') return;
        if (statement === undefined) this.#nothing({ kind: 'no-work' });
        else this.#begin(statement);
      })
      .catch((error: unknown) => {
        this.#asking = undefined;
        if (asking.signal.aborted) this.#fill();
        else this.#nothing({ kind: 'unavailable', detail: errorInWords(error).slice(0, 2000) });
      });
  }

  #begin(statement: Statement): void {
    this.#idleReason = undefined;
    const job = this.#components.begin(statement);
    this.#jobs.add(job);
    void job.done.then(() => {
      this.#jobs.delete(job);
      this.#components.onChange();
      this.#fill();
    });
    this.#components.onChange();
    this.#fill();
  }

  #nothing(reason: PauseReason): void {
    this.#idleReason = reason;
    this.#cancelRetry = this.#components.clock.after(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      this.#fill();
    });
    this.#components.onChange();
  }
}
