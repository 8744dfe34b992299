import { FairQueue, laneOf, type Asker, type Lane } from '../fair-queue.ts';

export interface Turn extends Asker {
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly lane: Lane;
  readonly grant: () => void;
}

/** Lets a number of tasks run at one time. Whose turn is next is fair in time spent, as among what waits for the pool. */
export class Slots {
  readonly #count: number;
  readonly #reserve: number;
  readonly #running = { own: 0, peers: 0 };
  readonly #waiting = new FairQueue<Waiting>();

  /** @param reserve further tasks of this node's own that run while peers' keep slots busy, so that they never wait for a peer's */
  constructor(count: number, reserve = 0) {
    this.#count = count;
    this.#reserve = reserve;
  }

  /** @throws the signal's reason where it is aborted while the task waits */
  async run<T>(task: () => Promise<T>, { signal, ...asker }: Turn = {}): Promise<T> {
    signal?.throwIfAborted();
    const lane = laneOf(asker);
    if (this.#hasRoom(lane)) this.#running[sideOf(lane)]++;
    else await this.#wait(lane, signal);
    const started = performance.now();
    try {
      return await task();
    } finally {
      this.#waiting.charge(lane, performance.now() - started);
      this.#running[sideOf(lane)]--;
      this.#grant();
    }
  }

  #hasRoom(lane: Lane): boolean {
    const { own, peers } = this.#running;
    const extra = lane === 'own' ? Math.min(this.#reserve, peers) : 0;
    return own + peers < this.#count + extra;
  }

  /** All that may run now: a peer's that has taken a slot makes room for own work beside it. */
  #grant(): void {
    for (;;) {
      const next = this.#waiting.take(({ lane }) => this.#hasRoom(lane));
      if (next === undefined) return;
      this.#running[sideOf(next.lane)]++;
      next.item.grant();
    }
  }

  #wait(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting: Waiting = {
      lane,
      grant: () => {
        signal?.removeEventListener('abort', abort);
        resolve(undefined);
      },
    };
    const abort = (): void => {
      if (this.#waiting.remove(waiting)) reject(signal?.reason as Error);
    };
    this.#waiting.add(lane, waiting);
    signal?.addEventListener('abort', abort, { once: true });
    return promise;
  }
}

const sideOf = (lane: Lane): 'own' | 'peers' => (lane === 'own' ? 'own' : 'peers');
