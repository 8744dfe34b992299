/** Something that waits, and on whose account. */
export interface Queued<T> {
  readonly key: string;
  /** Those of one account wait for each other; accounts take turns. */
  readonly account: string;
  readonly item: T;
}

export interface FairQueueInit<T> {
  /** Items that wait at one time; one that waits on several accounts counts for each. */
  readonly capacity: number;
  /** How many may wait on an account once this item does: so that a flood fills its own share only. */
  readonly share: (account: string, item: T) => number;
  /** Whether an account is served only while nothing waits on others. */
  readonly isResting: (account: string) => boolean;
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
/** What is among so many next ones of an account is soon taken. */
const NEAR = 8;
/** On so many accounts one waits at most: among them will be one that is soon served. */
const ENOUGH_ACCOUNTS = 3;

/**
 * A bounded queue in which whoever has had the least time is next; who puts into a full one waits. The same may wait on
 * several accounts, so that nobody can hold it up; whichever is served first, it is taken once.
 */
export class FairQueue<T> {
  readonly #init: FairQueueInit<T>;
  /** Those that were served longest ago first. */
  readonly #accounts = new Map<string, Account<T>>();
  /** On which accounts each waits. */
  readonly #holders = new Map<string, Set<string>>();
  #entries = 0;
  /** Those who wait for room. */
  readonly #putting = new Set<{ readonly key: string; isTaken: boolean }>();
  #room: (() => void)[] = [];
  #wake: (() => void)[] = [];

  constructor(init: FairQueueInit<T>) {
    this.#init = init;
  }

  /** Different ones that wait. */
  get size(): number {
    return this.#holders.size;
  }

  has(key: string): boolean {
    return this.#holders.has(key);
  }

  /** Whether there is no need to have it of this account as well: it waits there already, or will not wait long elsewhere. */
  isAwaited(key: string, account: string): boolean {
    const holders = this.#holders.get(key);
    if (holders === undefined) return false;
    if (holders.has(account) || this.#init.isResting(account)) return true;
    const served = [...holders].filter((holder) => !this.#init.isResting(holder));
    return served.length >= ENOUGH_ACCOUNTS || served.some((holder) => this.#isNear(key, holder));
  }

  /** How many wait on an account. */
  countOf(account: string): number {
    return this.#accounts.get(account)?.waiting.length ?? 0;
  }

  /**
   * Resolves once it is taken up: at once where it waits on its account already. What an account that rests has no room for
   * is let go.
   * @throws the signal's reason
   */
  async put(queued: Queued<T>, signal: AbortSignal): Promise<void> {
    const { key, account, item } = queued;
    const putting = { key, isTaken: false };
    this.#putting.add(putting);
    try {
      // What was taken meanwhile, of another account, is not to be taken a second time.
      while (!putting.isTaken) {
        signal.throwIfAborted();
        if (this.#holders.get(key)?.has(account) === true) return;
        if (this.#entries < this.#init.capacity && this.countOf(account) < this.#init.share(account, item)) {
          this.#add(queued);
          return;
        }
        if (this.#init.isResting(account)) return;
        await this.#until('room', signal);
      }
    } finally {
      this.#putting.delete(putting);
    }
  }

  /** Lets go of what waits on an account, but for the first `keep`. */
  drop(account: string, keep = 0): void {
    const dropped = this.#accounts.get(account)?.waiting.splice(keep) ?? [];
    for (const { key } of dropped) {
      const holders = this.#holders.get(key);
      holders?.delete(account);
      if (holders?.size === 0) this.#holders.delete(key);
    }
    this.#entries -= dropped.length;
    // Also where nothing was: who rests by now waits for room no longer.
    this.#call('room');
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
      const next = this.#next();
      if (next !== undefined) {
        this.#remove(next.key);
        for (const putting of this.#putting) if (putting.key === next.key) putting.isTaken = true;
        this.#call('room');
        return next;
      }
      await this.#until('wake', signal);
    }
  }

  #add(queued: Queued<T>): void {
    this.#open(queued.account).waiting.push(queued);
    const holders = this.#holders.get(queued.key) ?? new Set();
    this.#holders.set(queued.key, holders.add(queued.account));
    this.#entries++;
    this.#call('wake');
  }

  #remove(key: string): void {
    for (const holder of this.#holders.get(key) ?? []) {
      const waiting = this.#accounts.get(holder)?.waiting ?? [];
      const at = waiting.findIndex((queued) => queued.key === key);
      this.#entries -= waiting.splice(at, 1).length;
    }
    this.#holders.delete(key);
  }

  #isNear(key: string, account: string): boolean {
    const next = this.#accounts.get(account)?.waiting.slice(0, NEAR) ?? [];
    return next.some((queued) => queued.key === key);
  }

  #next(): Queued<T> | undefined {
    const waiting = [...this.#accounts].filter(([, account]) => account.waiting.length > 0);
    const awake = waiting.filter(([name]) => !this.#init.isResting(name));
    const served = awake.length > 0 ? awake : waiting;
    return this.#urgent(served) ?? this.#turn(served);
  }

  #urgent(accounts: readonly [string, Account<T>][]): Queued<T> | undefined {
    for (const [, { waiting }] of accounts) {
      const found = waiting.find(({ item }) => this.#init.isUrgent(item));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #turn(accounts: readonly [string, Account<T>][]): Queued<T> | undefined {
    let chosen: [string, Account<T>] | undefined;
    for (const entry of accounts) {
      if (chosen === undefined || entry[1].used < chosen[1].used) chosen = entry;
    }
    if (chosen === undefined) return undefined;
    const [name, account] = chosen;
    // Behind those that have had as much.
    this.#accounts.delete(name);
    this.#accounts.set(name, account);
    return account.waiting[0];
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
