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

interface Account<T> {
  readonly waiting: Queued<T>[];
  /** Time spent on its items, in milliseconds, as far as it counts. */
  used: number;
}

/** Accounts remembered while nothing of theirs waits. */
const KEPT_ACCOUNTS = 1000;

/** A bounded queue in which whoever has had the least time is next; who puts into a full one waits. */
export class FairQueue<T> {
  readonly #init: FairQueueInit<T>;
  /** Those that were served longest ago first. */
  readonly #accounts = new Map<string, Account<T>>();
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
      const account = this.#accounts.get(queued.account);
      if (this.#keys.size < this.#init.capacity && (account?.waiting.length ?? 0) < this.#init.perAccount) {
        this.#open(queued.account).waiting.push(queued);
        this.#keys.add(queued.key);
        this.#call('wake');
        return;
      }
      await this.#until('room', signal);
    }
  }

  /** Lets go of all that waits on an account. */
  drop(account: string): void {
    const dropped = this.#accounts.get(account)?.waiting.splice(0) ?? [];
    for (const { key } of dropped) this.#keys.delete(key);
    if (dropped.length > 0) this.#call('room');
  }

  /** Notes time that was spent on an account's item. */
  charge(account: string, milliseconds: number): void {
    const charged = this.#accounts.get(account);
    if (charged !== undefined) charged.used += milliseconds;
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
    for (const { waiting } of this.#accounts.values()) {
      const index = waiting.findIndex(({ item }) => this.#init.isUrgent(item));
      if (index >= 0) return waiting.splice(index, 1)[0];
    }
    return undefined;
  }

  #turn(): Queued<T> | undefined {
    let chosen: [string, Account<T>] | undefined;
    for (const entry of this.#accounts) {
      const [, { waiting, used }] = entry;
      if (waiting.length > 0 && (chosen === undefined || used < chosen[1].used)) chosen = entry;
    }
    if (chosen === undefined) return undefined;
    const [name, account] = chosen;
    // Behind those that have had as much.
    this.#accounts.delete(name);
    this.#accounts.set(name, account);
    return account.waiting.shift();
  }

  /** Time in which nothing of an account's waited gives it no claim to more than the others later. */
  #open(name: string): Account<T> {
    const busy = [...this.#accounts.values()].filter(({ waiting }) => waiting.length > 0);
    const least = Math.min(...busy.map(({ used }) => used));
    const known = this.#accounts.get(name);
    if (known !== undefined) {
      if (known.waiting.length === 0 && busy.length > 0) known.used = Math.max(known.used, least);
      return known;
    }
    const account = { waiting: [], used: busy.length > 0 ? least : 0 };
    this.#accounts.set(name, account);
    for (const [other, { waiting }] of this.#accounts) {
      if (this.#accounts.size <= KEPT_ACCOUNTS) break;
      if (waiting.length === 0 && other !== name) this.#accounts.delete(other);
    }
    return account;
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
