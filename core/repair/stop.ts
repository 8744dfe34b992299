import type { RepairReason } from './types.ts';

/** Thrown by `race` once the search has stopped; it never leaves this folder. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** Calls a function of someone else's so that a throw becomes a rejection. */
export async function call<T>(work: () => T | Promise<T>): Promise<T> {
  return work();
}

/** A timer holds 31 bits of milliseconds; a longer budget is as good as this one. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The one thing that ends a search before its time: the caller's signal, the deadline, a proof, a fault. The first
 * reason given stands.
 */
export class Stop {
  reason: RepairReason | undefined;
  detail: string | undefined;
  readonly #controller = new AbortController();
  readonly #release: () => void;
  readonly #deadline: number;

  constructor(seconds: number, signal: AbortSignal | undefined) {
    this.#deadline = performance.now() + seconds * 1000;
    const cancel = (): void => this.because('cancelled');
    const timer = setTimeout(() => this.because('seconds'), Math.min(seconds * 1000, LONGEST_TIMER));
    signal?.addEventListener('abort', cancel, { once: true });
    this.#release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
    if (signal?.aborted === true) cancel();
  }

  /** Aborts with everything that is still under way. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get stopped(): boolean {
    return this.reason !== undefined;
  }

  /** Milliseconds left of the time budget, never negative. */
  get millisecondsLeft(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  because(reason: RepairReason, detail?: string): void {
    if (this.stopped) return;
    this.reason = reason;
    this.detail = detail;
    this.#release();
    this.#controller.abort(new StoppedError(reason));
  }

  /**
   * Waits for the work or for the stop, whichever is first: work that ignores the signal is left behind.
   * @throws StoppedError once stopped
   */
  async race<T>(work: () => Promise<T>): Promise<T> {
    if (this.stopped) throw new StoppedError(this.reason);
    let stop = (): void => {};
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => reject(new StoppedError(this.reason));
    });
    this.signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([call(work), stopped]);
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
  }

  /** Lets timers and the caller's abort through: scripted parts that never wait would otherwise starve them. */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.millisecondsLeft === 0) this.because('seconds');
    if (this.stopped) throw new StoppedError(this.reason);
  }

  /** Frees the timer and the listener; idempotent. */
  dispose(): void {
    this.#release();
  }
}
