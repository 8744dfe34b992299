/** Something that waits, and on whose account. */
export interface Queued<T> {
  readonly key: string;
  /** Those of one account wait for each other; accounts take turns. */
  readonly account: string;
  readonly item: T;
}

export interface FairQueueInit<T> {
  /** Items that wait at one time. */
  readonly capacity: number;
  /** Of one account: so that a flood fills its own share only. */
  readonly perAccount: number;
  /** Whether it goes before all that is not urgent; asked when the next is taken. */
  readonly isUrgent: (item: T) => boolean;
}

/** A bounded queue in which accounts take turns; who puts into a full one waits. */
export class FairQueue<T> {
  readonly #init: FairQueueInit<T>;
  /** In the order of their turns. */
  readonly #accounts = new Map<string, Queued<T>[]>();
  readonly #keys = new Set<string>();
  #room: (() => void)[] = [];
  #wake: (() => void)[] = [];

  constructor(init: FairQueueInit<T>) {
    this.#init = init;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Resolves once it is taken up: at once where it waits already. @throws the signal's reason */
  async put(queued: Queued<T>, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#keys.has(queued.key)) return;
      const waiting = this.#accounts.get(queued.account) ?? [];
      if (this.#keys.size < this.#init.capacity && waiting.length < this.#init.perAccount) {
        waiting.push(queued);
        this.#accounts.set(queued.account, waiting);
        this.#keys.add(queued.key);
        this.#call('wake');
        return;
      }
      await this.#until('room', signal);
    }
  }

  /** Lets go of all that waits on an account. */
  drop(account: string): void {
    for (const { key } of this.#accounts.get(account) ?? []) this.#keys.delete(key);
    if (this.#accounts.delete(account)) this.#call('room');
  }

  /** The next one, whenever there is one. @throws the signal's reason */
  async take(signal: AbortSignal): Promise<Queued<T>> {
    for (;;) {
      signal.throwIfAborted();
      const next = this.#urgent() ?? this.#turn();
      if (next !== undefined) {
        this.#keys.delete(next.key);
        this.#call('room');
        return next;
      }
      await this.#until('wake', signal);
    }
  }

  #urgent(): Queued<T> | undefined {
    for (const [account, waiting] of this.#accounts) {
      const index = waiting.findIndex(({ item }) => this.#init.isUrgent(item));
      if (index < 0) continue;
      const [found] = waiting.splice(index, 1);
      if (waiting.length === 0) this.#accounts.delete(account);
      return found;
    }
    return undefined;
  }

  #turn(): Queued<T> | undefined {
    const [first] = this.#accounts;
    if (first === undefined) return undefined;
    const [account, waiting] = first;
    const next = waiting.shift();
    // To the end of the line.
    this.#accounts.delete(account);
    if (waiting.length > 0) this.#accounts.set(account, waiting);
    return next;
  }

  #call(which: 'room' | 'wake'): void {
    const waiting = which === 'room' ? this.#room : this.#wake;
    if (which === 'room') this.#room = [];
    else this.#wake = [];
    for (const resolve of waiting) resolve();
  }

  #until(which: 'room' | 'wake', signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      (which === 'room' ? this.#room : this.#wake).push(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
    });
  }
}
