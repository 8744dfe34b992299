import { FairQueue, laneOf, type Asker, type Lane } from '../fair-queue.ts';

export interface Turn extends Asker {
  readonly signal?: AbortSignal | undefined;
}

/** Lets a number of tasks run at one time. Whose turn is next is fair in time spent, as among what waits for the pool. */
export class Slots {
  #free: number;
  readonly #waiting = new FairQueue<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** @throws the signal's reason where it is aborted while the task waits */
  async run<T>(task: () => Promise<T>, { signal, ...asker }: Turn = {}): Promise<T> {
    signal?.throwIfAborted();
    const lane = laneOf(asker);
    if (this.#free > 0) this.#free--;
    else await this.#wait(lane, signal);
    const started = performance.now();
    try {
      return await task();
    } finally {
      this.#waiting.charge(lane, performance.now() - started);
      const next = this.#waiting.take(() => true);
      if (next === undefined) this.#free++;
      else next.item();
    }
  }

  #wait(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const grant = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve(undefined);
    };
    const abort = (): void => {
      if (this.#waiting.remove(grant)) reject(signal?.reason as Error);
    };
    this.#waiting.add(lane, grant);
    signal?.addEventListener('abort', abort, { once: true });
    return promise;
  }
}
