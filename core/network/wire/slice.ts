import { setImmediate } from 'node:timers/promises';

/** Lets long work give way to everything else in its thread every few milliseconds. */
export class Slice {
  readonly #milliseconds: number;
  #since = performance.now();

  constructor(milliseconds = 3) {
    this.#milliseconds = milliseconds;
  }

  /** Whether it is time to call `giveWay`; cheap enough to ask for each item. */
  get over(): boolean {
    return performance.now() - this.#since >= this.#milliseconds;
  }

  /** @throws the signal's reason */
  async giveWay(signal?: AbortSignal): Promise<void> {
    await setImmediate();
    signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
