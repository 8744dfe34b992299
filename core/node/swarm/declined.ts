const MAX_REMEMBERED = 20_000;

/** What was looked at and not taken: not fetched again for a while, as it may be wanted later. */
export class Declined {
  readonly #forMs: number;
  /** Until when, on the clock of `performance.now`; the oldest first. */
  readonly #until = new Map<string, number>();

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  add(id: string): void {
    this.#until.delete(id);
    this.#until.set(id, performance.now() + this.#forMs);
    const [oldest] = this.#until.keys();
    if (this.#until.size > MAX_REMEMBERED && oldest !== undefined) this.#until.delete(oldest);
  }

  has(id: string): boolean {
    const until = this.#until.get(id);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.#until.delete(id);
    return false;
  }

  clear(): void {
    this.#until.clear();
  }
}
