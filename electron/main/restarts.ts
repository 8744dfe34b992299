/** How soon a process that ended by itself is started again: at once, then later and later, then no more. */
const DELAYS_MS = [0, 2000, 10_000, 30_000] as const;
/** Who ran so long has shown that it can; its next crash counts as the first. */
const HEALTHY_MS = 120_000;

export class Restarts {
  #crashes = 0;

  /** Milliseconds to wait before the next start; undefined where it is hopeless. */
  next(ranMs: number): number | undefined {
    if (ranMs >= HEALTHY_MS) this.#crashes = 0;
    return DELAYS_MS[this.#crashes++];
  }

  /** The user asks for another try. */
  forgive(): void {
    this.#crashes = 0;
  }
}
