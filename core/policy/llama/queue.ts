import { reasonOf } from './abort.ts';

/** A place among those that may be busy at one time. */
export interface Slot {
  /** Gives it to whoever is next; idempotent. */
  release(): void;
}

interface Waiting {
  readonly grant: (slot: Slot) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Places for so many requests at one time. Groups take turns, so that a statement with many rollouts does not keep another
 * waiting; within a group, first come, first served.
 */
export class SlotQueue {
  readonly #total: number;
  readonly #groups = new Map<string, Waiting[]>();
  readonly #onChange: () => void;
  #busy = 0;

  constructor(total: number, onChange: () => void) {
    this.#total = total;
    this.#onChange = onChange;
  }

  get total(): number {
    return this.#total;
  }

  get busy(): number {
    return this.#busy;
  }

  get queued(): number {
    let queued = 0;
    for (const waiting of this.#groups.values()) queued += waiting.length;
    return queued;
  }

  /** @throws the signal's reason where it is aborted before there is a place */
  async acquire(group: string, signal: AbortSignal | undefined): Promise<Slot> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Slot>();
    const waiting: Waiting = { grant: resolve, fail: reject };
    const line = this.#groups.get(group) ?? [];
    this.#groups.set(group, line);
    line.push(waiting);
    const abort = (): void => {
      const index = line.indexOf(waiting);
      if (index < 0) return;
      line.splice(index, 1);
      if (line.length === 0 && this.#groups.get(group) === line) this.#groups.delete(group);
      reject(reasonOf(signal));
      this.#onChange();
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#grant();
    this.#onChange();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Fails everything that waits. */
  clear(error: Error): void {
    const lines = [...this.#groups.values()];
    this.#groups.clear();
    for (const waiting of lines.flatMap((line) => line.splice(0))) waiting.fail(error);
    this.#onChange();
  }

  #grant(): void {
    while (this.#busy < this.#total) {
      const [next] = this.#groups;
      if (next === undefined) return;
      const [group, line] = next;
      const waiting = line.shift();
      // To the end of the turn, or out of it.
      this.#groups.delete(group);
      if (line.length > 0) this.#groups.set(group, line);
      if (waiting === undefined) continue;
      this.#busy++;
      waiting.grant(this.#slot());
    }
  }

  #slot(): Slot {
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#busy--;
        this.#grant();
        this.#onChange();
      },
    };
  }
}
