import type { Emit } from '../events.ts';
import type { RecordKey, RecordStore } from '../store.ts';
import { Slice } from '../wire/slice.ts';
import { toSetKey } from './key.ts';
import { RecordSet } from './record-set.ts';

export interface RecordIndexComponents {
  readonly store: Pick<RecordStore, 'keys'>;
  readonly emit: Emit;
}

/** The keys of all records that this node passes on: read from the store once, and kept from then on. */
export class RecordIndex {
  readonly set = new RecordSet();
  readonly #components: RecordIndexComponents;
  readonly #built = Promise.withResolvers<undefined>();
  #isBuilt = false;
  /** Removed while the store was being read, so that a key read before does not come back. */
  readonly #removed = new Set<string>();

  constructor(components: RecordIndexComponents) {
    this.#components = components;
    this.#built.promise.catch(() => undefined);
  }

  get isBuilt(): boolean {
    return this.#isBuilt;
  }

  /** Resolves when all of the store's keys are in. Rejects with what kept them from it. */
  get built(): Promise<undefined> {
    return this.#built.promise;
  }

  /** Reads the store's keys, giving way to other work every few milliseconds. */
  async build(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const slice = new Slice();
    try {
      for await (const keys of this.#components.store.keys({ signal })) {
        for (const key of keys) {
          if (slice.over) await slice.giveWay(signal);
          if (!this.#removed.has(key.id)) this.set.add(toSetKey(key));
        }
      }
    } catch (error) {
      this.#built.reject(error);
      throw error;
    }
    this.#isBuilt = true;
    this.#removed.clear();
    this.#built.resolve(undefined);
    const milliseconds = performance.now() - started;
    this.#components.emit({ type: 'index-built', records: this.set.size, milliseconds });
  }

  add(keys: readonly RecordKey[]): void {
    for (const key of keys) {
      this.#removed.delete(key.id);
      this.set.add(toSetKey(key));
    }
  }

  remove(keys: readonly RecordKey[]): void {
    for (const key of keys) {
      if (!this.#isBuilt) this.#removed.add(key.id);
      this.set.delete(toSetKey(key));
    }
  }
}
