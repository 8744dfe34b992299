/** Lets a number of tasks run at one time, the others waiting in the order in which they came. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @throws the signal's reason where it is aborted while the task waits */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const grant = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve(undefined);
    };
    const abort = (): void => {
      const index = this.#waiting.indexOf(grant);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      reject(signal?.reason as Error);
    };
    this.#waiting.push(grant);
    signal?.addEventListener('abort', abort, { once: true });
    return promise;
  }
}
