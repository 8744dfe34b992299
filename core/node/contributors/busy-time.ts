/** Adds up for how long workers were busy: as many as there are tasks, but never more than there are workers. */
export class BusyTime {
  readonly #workers: number;
  readonly #report: (milliseconds: number) => void;
  readonly #now: () => number;
  #tasks = 0;
  #since: number;

  /** @param now milliseconds on a clock that is never set */
  constructor(
    workers: number,
    report: (milliseconds: number) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#workers = workers;
    this.#report = report;
    this.#now = now;
    this.#since = now();
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.settle();
    this.#tasks++;
    try {
      return await work();
    } finally {
      this.settle();
      this.#tasks--;
    }
  }

  /** Reports what has not been reported. */
  settle(): void {
    const now = this.#now();
    const milliseconds = (now - this.#since) * Math.min(this.#tasks, this.#workers);
    this.#since = now;
    if (milliseconds > 0) this.#report(milliseconds);
  }
}
