import { PeerTooSlowError } from '../errors.ts';

const TICK_MS = 20;
/** A tick that comes no later than this was no stall: timers are never exact. */
const TOLERANCE_MS = 5;
/** However busy this process is, nobody is waited for longer than so many times the time that it has. */
const MAX_STRETCH = 5;

/** How long this process's event loop stood still, summed up. */
class StallClock {
  #stalled = 0;
  #lastTick = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** Milliseconds since it was first asked; what stands still right now is in it. */
  get total(): number {
    if (this.#timer === undefined) {
      this.#lastTick = performance.now();
      this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
    }
    return this.#stalled + this.#late();
  }

  #tick(): void {
    this.#stalled += this.#late();
    this.#lastTick = performance.now();
  }

  #late(): number {
    const late = performance.now() - this.#lastTick - TICK_MS;
    return late > TOLERANCE_MS ? late : 0;
  }
}

const stalls = new StallClock();

/**
 * By when a peer must have done something. Time in which this process did not get to its events does not count: what the peer
 * sent may lie there unread, and a machine that proves theorems is a busy one. By the monotonic clock.
 */
export class Deadline {
  readonly #milliseconds: number;
  readonly #started = performance.now();
  readonly #stalledBefore = stalls.total;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  get leftMs(): number {
    const passed = performance.now() - this.#started;
    const own = stalls.total - this.#stalledBefore;
    return Math.min(this.#milliseconds + own, MAX_STRETCH * this.#milliseconds) - passed;
  }
}

export interface WithinInit {
  readonly timeoutMs: number;
  /** What is said where the time is up. */
  readonly late: string;
  readonly signal: AbortSignal;
}

/**
 * Does what waits for a peer, and ends it by its signal where the peer takes too long.
 * @throws PeerTooSlowError, or what the work throws
 */
export async function within<T>(init: WithinInit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new Deadline(init.timeoutMs);
  const late = new AbortController();
  let timer: NodeJS.Timeout;
  const check = (): void => {
    if (deadline.leftMs > 0) timer = setTimeout(check, deadline.leftMs);
    else late.abort(new PeerTooSlowError(init.late));
  };
  timer = setTimeout(check, init.timeoutMs);
  try {
    return await work(AbortSignal.any([init.signal, late.signal]));
  } catch (error) {
    // What was cut short says only that it was.
    if (!init.signal.aborted) late.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
