import { NetworkStoppedError, SyncThreadError } from '../../errors.ts';
import type { AbortOptions } from '../../store.ts';
import type { SetKey } from '../key.ts';
import type { ReconciledSet, ReconciledSide } from '../reconciled-set.ts';
import type { Call, Done, TurnCall } from './messages.ts';
import { packKeys, unpackDigests } from './packed-keys.ts';
import type { SyncThread } from './sync-thread.ts';

/** Keys that go to the thread at once: either side is done with them within a millisecond or two. */
export const MAX_KEYS = 250;
/** Fewer keys wait for others for so long, as waking the thread costs more than they do; or until a turn is to see them. */
const GATHER_MS = 20;

interface Changes {
  readonly type: 'add' | 'remove';
  readonly keys: SetKey[];
  readonly done: PromiseWithResolvers<undefined>;
  readonly timer: NodeJS.Timeout;
}

export interface ThreadSetInit {
  /** The thread has ended by itself, and the set is empty again. */
  readonly onLost: (error: SyncThreadError) => void;
}

/** A set of record keys that is kept in the thread. What is asked of it is done in the order of asking. */
export class ThreadSet implements ReconciledSet {
  readonly #thread: SyncThread;
  readonly #number: number;
  readonly #init: ThreadSetInit;
  #size = 0;
  #losses = 0;
  #changes: Changes | undefined;
  #isClosed = false;

  constructor(thread: SyncThread, init: ThreadSetInit) {
    this.#thread = thread;
    this.#number = thread.newSet();
    this.#init = init;
  }

  get size(): number {
    return this.#size;
  }

  /** Resolves when the keys are in. @throws SyncThreadError where the set is lost */
  add(keys: readonly SetKey[]): Promise<void> {
    return this.#change('add', keys);
  }

  /** Resolves when the keys are gone. @throws SyncThreadError where the set is lost */
  remove(keys: readonly SetKey[]): Promise<void> {
    return this.#change('remove', keys);
  }

  /** A side does not outlive the set's keys: what is built anew is half a set for a while. */
  side(salt: Uint8Array): ReconciledSide {
    const losses = this.#losses;
    const set = this.#number;
    const ask = async (asked: TurnCall, transfer: ArrayBuffer[], options: AbortOptions) => {
      if (this.#losses > losses) throw new SyncThreadError('its sets are built anew');
      this.#flush();
      const { turn } = await this.#call(asked, transfer, options);
      if (turn === undefined) throw new TypeError('a turn is answered with one');
      return turn;
    };
    return {
      begin: async (options) => (await ask({ type: 'begin', set, salt }, [], options)).reply,
      respond: async (theirs, options) => {
        const turn = new Uint8Array(theirs);
        const outcome = await ask({ type: 'respond', set, salt, turn }, [turn.buffer], options);
        return { ...outcome, needed: unpackDigests(outcome.needed) };
      },
    };
  }

  /** Lets go of the set. What is added from now on goes nowhere. */
  close(): void {
    this.#isClosed = true;
    this.#discard()?.resolve(undefined);
    this.#thread.release(this.#number);
  }

  async #change(type: Changes['type'], keys: readonly SetKey[]): Promise<void> {
    if (this.#isClosed || keys.length === 0) return;
    if (this.#changes?.type !== type) {
      this.#flush();
      const timer = setTimeout(() => this.#flush(), GATHER_MS);
      this.#changes = { type, keys: [], done: Promise.withResolvers(), timer };
    }
    const { keys: gathered, done } = this.#changes;
    for (const key of keys) gathered.push(key);
    if (gathered.length >= MAX_KEYS) this.#flush();
    await done.promise;
  }

  #flush(): void {
    if (this.#changes === undefined) return;
    const { type, keys, done, timer } = this.#changes;
    clearTimeout(timer);
    this.#changes = undefined;
    const calls: Promise<Done>[] = [];
    for (let at = 0; at < keys.length; at += MAX_KEYS) {
      const packed = packKeys(keys.slice(at, at + MAX_KEYS));
      calls.push(this.#call({ type, set: this.#number, keys: packed }, [packed]));
    }
    Promise.all(calls).then(() => done.resolve(undefined), done.reject);
  }

  /** Lets go of what has not been sent. Returns what is waiting for it. */
  #discard(): Changes['done'] | undefined {
    const changes = this.#changes;
    clearTimeout(changes?.timer);
    this.#changes = undefined;
    return changes?.done;
  }

  async #call(asked: Call, transfer: ArrayBuffer[], options: AbortOptions = {}): Promise<Done> {
    if (this.#isClosed) throw new NetworkStoppedError();
    this.#thread.hold(this.#number, (error) => this.#lose(error));
    const done = await this.#thread.call(asked, transfer, options);
    this.#size = done.size;
    return done;
  }

  #lose(error: SyncThreadError): void {
    this.#losses++;
    this.#size = 0;
    this.#discard()?.reject(error);
    this.#init.onLost(error);
  }
}
