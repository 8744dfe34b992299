import type { Attempt } from '../record/index.ts';
import { attemptRow, type Row } from './rows.ts';
import type { Tables } from './tables.ts';

export interface AttemptWriterComponents {
  readonly tables: Tables;
  /** Called after each commit. */
  readonly onCommit: (rows: number) => void;
}

/** Appends attempts; those handed in while one write runs go into the next together. Not journalled. */
export class AttemptWriter {
  readonly #components: AttemptWriterComponents;
  #rows: Row[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(components: AttemptWriterComponents) {
    this.#components = components;
  }

  write(attempts: readonly Attempt[]): Promise<void> {
    if (attempts.length === 0) return Promise.resolve();
    const now = Date.now();
    this.#rows.push(...attempts.map((attempt) => attemptRow(attempt, now)));
    if (this.#next === undefined) {
      const next = this.#last.then(() => this.#flush());
      this.#next = next;
      // A failed write is its callers' to hear of; the next one starts afresh.
      this.#last = next.catch(() => undefined);
    }
    return this.#next;
  }

  async drained(): Promise<void> {
    await this.#last;
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    this.#next = undefined;
    await this.#components.tables.append(this.#components.tables.trajectories, rows);
    this.#components.onCommit(rows.length);
  }
}
