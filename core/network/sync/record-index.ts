import { once } from 'node:events';
import { SyncThreadError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { RecordKey, RecordStore } from '../store.ts';
import { digestOf } from '../wire/digest.ts';
import { pause } from '../wire/race.ts';
import type { SetKey } from './key.ts';
import { syncThread } from './thread/sync-thread.ts';
import { MAX_KEYS, ThreadSet } from './thread/thread-set.ts';

export interface RecordIndexComponents {
  readonly store: Pick<RecordStore, 'keys'>;
  readonly emit: Emit;
}

/** Until the keys are read again after they were lost or could not be read; twice as long each further time. */
const FIRST_REST_MS = 500;
const MAX_REST_MS = 300_000;

/**
 * The keys of all records that this node passes on: read from the store once, and kept from then on. Where the thread that
 * keeps them is lost, or the store cannot give them, they are read again.
 */
export class RecordIndex {
  readonly set: ThreadSet;
  readonly #components: RecordIndexComponents;
  #built = promiseToBuild();
  #isBuilt = false;
  /** Whether it was told of that the keys cannot be read: once for all failures in a row. */
  #hasFailed = false;
  /** Aborted when the set that is there now is lost. */
  #loss = new AbortController();
  /** Removed while the store was being read, so that a key read before does not come back. */
  readonly #removed = new Set<string>();

  constructor(components: RecordIndexComponents) {
    this.#components = components;
    this.set = new ThreadSet(syncThread, { onLost: (error) => this.#onLost(error) });
  }

  get isBuilt(): boolean {
    return this.#isBuilt;
  }

  /** Resolves when all of the store's keys are in. Rejects with what kept them from it, this time. */
  get built(): Promise<undefined> {
    return this.#built.promise;
  }

  /** Reads the store's keys, and again whenever they are lost, until the signal aborts. `built` tells what came of it. */
  start(signal: AbortSignal): void {
    void this.#keep(signal);
  }

  add(keys: readonly RecordKey[]): void {
    for (const { id } of keys) this.#removed.delete(id);
    unlessLost(this.set.add(keys.map(toSetKey)));
  }

  remove(keys: readonly RecordKey[]): void {
    if (!this.#isBuilt) for (const { id } of keys) this.#removed.add(id);
    unlessLost(this.set.remove(keys.map(toSetKey)));
  }

  /** Lets go of the keys; nothing may be asked of the set any more. */
  close(): void {
    this.set.close();
  }

  async #keep(signal: AbortSignal): Promise<void> {
    try {
      for (let restMs = FIRST_REST_MS; ; restMs = Math.min(2 * restMs, MAX_REST_MS)) {
        const began = performance.now();
        await this.#buildOnce(signal).catch((error: unknown) => this.#onFailed(error, signal));
        // What happened long ago says nothing about the next time.
        if (performance.now() - began > MAX_REST_MS) restMs = FIRST_REST_MS;
        await pause(restMs, signal);
      }
    } catch (error) {
      this.#built.reject(error);
    }
  }

  /** @throws the signal's reason */
  #onFailed(error: unknown, signal: AbortSignal): void {
    signal.throwIfAborted();
    this.#built.reject(error);
    this.#built = promiseToBuild();
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#components.emit({ type: 'index-failed', reason: (error as Error).message });
  }

  /** Builds the set and returns when it was lost. */
  async #buildOnce(signal: AbortSignal): Promise<void> {
    this.#loss = new AbortController();
    const lost = this.#loss.signal;
    try {
      const milliseconds = await this.#read(AbortSignal.any([signal, lost]));
      this.#isBuilt = true;
      this.#hasFailed = false;
      this.#removed.clear();
      this.#built.resolve(undefined);
      this.#components.emit({ type: 'index-built', records: this.set.size, milliseconds });
      await once(lost, 'abort', { signal });
    } catch (error) {
      if (!(error instanceof SyncThreadError)) throw error;
    }
  }

  /** Returns the milliseconds that it took. */
  async #read(signal: AbortSignal): Promise<number> {
    const started = performance.now();
    for await (const keys of this.#components.store.keys({ signal })) {
      // All else has its turn between these.
      for (let at = 0; at < keys.length; at += MAX_KEYS) {
        signal.throwIfAborted();
        const batch = keys.slice(at, at + MAX_KEYS).filter(({ id }) => !this.#removed.has(id));
        await this.set.add(batch.map(toSetKey));
      }
    }
    signal.throwIfAborted();
    return performance.now() - started;
  }

  #onLost(error: SyncThreadError): void {
    if (this.#isBuilt) this.#built = promiseToBuild();
    this.#isBuilt = false;
    this.#loss.abort(error);
    this.#components.emit({ type: 'index-lost', reason: error.message });
  }
}

const toSetKey = ({ id, createdAt }: RecordKey): SetKey => ({ time: createdAt, digest: digestOf(id) });

/** What is lost is read from the store again, which has it already. */
function unlessLost(change: Promise<void>): void {
  change.catch((error: unknown) => {
    if (!(error instanceof SyncThreadError)) throw error;
  });
}

function promiseToBuild(): PromiseWithResolvers<undefined> {
  const built = Promise.withResolvers<undefined>();
  // Not everybody asks.
  built.promise.catch(() => undefined);
  return built;
}
