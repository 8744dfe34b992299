import { Worker } from 'node:worker_threads';
import { ProtocolViolationError, SyncThreadError } from '../../errors.ts';
import type { AbortOptions } from '../../store.ts';
import type { Call, Done, Reply, Request } from './messages.ts';

/**
 * A key takes 40 bytes, which are not in V8's heap, and its share of the tree about 8, which are: enough for ten million keys,
 * and for every turn that a peer may send.
 */
const HEAP_MB = 128;
const YOUNG_HEAP_MB = 4;
/** Networks that are stopped and started again find the thread still there. */
const LINGER_MS = 1000;

interface Waiting {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The thread in which sets of record keys are kept and reconciled, so that it does not keep anything else waiting. It is
 * started when it is first called, keeps no process alive that does not wait for an answer, and is ended when nobody holds a
 * set in it. When it ends by itself all holders are told; the next call starts another one, with empty sets.
 */
export class SyncThread {
  #worker: Worker | undefined;
  readonly #calls = new Map<number, Waiting>();
  /** Who holds a set: to be told when the thread and the set are gone. */
  readonly #holders = new Map<number, (error: SyncThreadError) => void>();
  #lastCall = 0;
  #lastSet = 0;
  #lingering: NodeJS.Timeout | undefined;

  /** A number for a set that nobody else has. */
  newSet(): number {
    return ++this.#lastSet;
  }

  /** Keeps the thread, once it runs, until `release`. */
  hold(set: number, onLost: (error: SyncThreadError) => void): void {
    clearTimeout(this.#lingering);
    this.#holders.set(set, onLost);
  }

  release(set: number): void {
    if (!this.#holders.delete(set) || this.#worker === undefined) return;
    this.#post(this.#worker, { type: 'drop', set });
    if (this.#holders.size > 0) return;
    clearTimeout(this.#lingering);
    this.#lingering = setTimeout(() => this.#end(), LINGER_MS).unref();
  }

  /**
   * Asks the thread, after all that it was asked before.
   * @throws ProtocolViolationError on a turn that is none, SyncThreadError where the thread ends, or the signal's reason
   */
  async call(asked: Call, transfer: ArrayBuffer[], { signal }: AbortOptions = {}): Promise<Done> {
    signal?.throwIfAborted();
    const worker = (this.#worker ??= this.#start());
    const call = ++this.#lastCall;
    const { promise, resolve, reject } = Promise.withResolvers<Done>();
    const onAbort = (): void => {
      this.#settle(call);
      this.#post(worker, { type: 'cancel', call });
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (this.#calls.size === 0) worker.ref();
    this.#calls.set(call, { resolve, reject });
    this.#post(worker, { ...asked, call }, transfer);
    return promise.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  #start(): Worker {
    let worker: Worker;
    try {
      worker = new Worker(new URL('./worker.ts', import.meta.url), {
        name: 'sync',
        // What this process was started with, a debugger or a loader, is not for the thread.
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
      });
    } catch (error) {
      throw new SyncThreadError('it could not be started', error);
    }
    worker.unref();
    const lost = (error: unknown): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      void worker.terminate();
      this.#lose(new SyncThreadError(error instanceof Error ? error.message : 'it stopped', error));
    };
    worker.on('message', (reply: Reply) => this.#onReply(reply));
    worker.on('error', lost);
    worker.on('messageerror', lost);
    worker.on('exit', lost);
    return worker;
  }

  #onReply(reply: Reply): void {
    const waiting = this.#settle(reply.call);
    switch (reply.type) {
      case 'done':
        waiting?.resolve(reply);
        return;
      case 'violation':
        waiting?.reject(new ProtocolViolationError(reply.offence, reply.detail));
        return;
      case 'failed':
        waiting?.reject(new Error(`a turn could not be answered: ${reply.detail}`));
    }
  }

  #settle(call: number): Waiting | undefined {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#worker?.unref();
    return waiting;
  }

  #lose(error: SyncThreadError): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject } of calls) reject(error);
    for (const onLost of [...this.#holders.values()]) onLost(error);
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#lose(new SyncThreadError('nobody holds a set'));
    void worker?.terminate();
  }

  #post(worker: Worker, request: Request, transfer: ArrayBuffer[] = []): void {
    worker.postMessage(request, transfer);
  }
}

/** This process's, whatever networks run in it. */
export const syncThread = new SyncThread();
