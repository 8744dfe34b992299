import { LeanUnavailableError } from './errors.ts';
import type { WorkerRequest } from './protocol/index.ts';
import type { LeanProcess } from './spawner.ts';
import { LeanWorker, type WorkerReply } from './worker.ts';

export interface PoolSettings {
  /** Workers that may be busy with submissions at one time. */
  readonly size: number;
  /**
   * Workers kept warm beside those: they take over at once from a killed one, and as they have never seen a submission,
   * clean requests go to them.
   */
  readonly spares: number;
  /** A worker whose wasm memory, which never shrinks, has grown beyond this is replaced. */
  readonly recycleWasmBytes: number;
  /** A worker that holds more than this between two requests is replaced. */
  readonly recycleResidentBytes: number;
  /** After so long without a request all workers are stopped; the next request starts them again. */
  readonly idleMs: number;
  readonly startTimeoutMs: number;
}

export interface PoolComponents {
  readonly start: () => LeanProcess;
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Ask a worker that has never elaborated a submission. */
  readonly clean?: boolean;
  /** Use the worker up: what it is asked could change how it answers the next. */
  readonly retire?: boolean;
  /** Whose source it is; see CheckOptions. */
  readonly origin?: 'own' | 'peer';
  /** What a judge is asked about, for one that elaborates it anew itself. */
  readonly sources?: { readonly theorem: string; readonly challenge: string; readonly submission: string };
}

interface Waiting {
  readonly clean: boolean;
  readonly grant: (worker: LeanWorker) => void;
  readonly fail: (error: Error) => void;
}

/** So many failed starts in a row mean that Lean cannot be started here. */
const MAX_FAILED_STARTS = 3;

/** A supervised set of Lean workers: starts them when they are needed, replaces those that were killed or have grown. */
export class LeanPool {
  readonly #components: PoolComponents;
  readonly #settings: PoolSettings;
  readonly #workers = new Map<LeanWorker, { ready: boolean; clean: boolean }>();
  readonly #waiting: Waiting[] = [];
  #idleTimer: NodeJS.Timeout | undefined;
  #failedStarts = 0;
  #active = false;
  #disposed = false;

  constructor(components: PoolComponents, settings: PoolSettings) {
    this.#components = components;
    this.#settings = settings;
  }

  /** Starts the workers ahead of need; resolves when one is ready. */
  async warmUp(): Promise<void> {
    this.#activate();
    await Promise.any([...this.#workers.keys()].map((worker) => worker.ready)).catch((error: unknown) => {
      throw error instanceof AggregateError ? error.errors[0] : error;
    });
  }

  /** Process ids and memory of the live workers. */
  get workers(): {
    pid: number | undefined;
    busy: boolean;
    residentBytes: number;
    wasmBytes: number;
    requests: number;
  }[] {
    return [...this.#workers.keys()].map((worker) => ({
      pid: worker.pid,
      busy: worker.busy,
      ...worker.health,
      requests: worker.requests,
    }));
  }

  /**
   * Asks a worker, waiting for one to be free.
   * @throws the signal's reason where it is aborted; LeanUnavailableError where no worker can be started
   */
  async run(request: WorkerRequest, options: RunOptions): Promise<WorkerReply> {
    const worker = await this.#acquire(options.clean ?? false, options.signal);
    try {
      return await worker.ask(request, {
        timeoutMs: options.timeoutMs,
        ...(options.signal ? { signal: options.signal } : {}),
      });
    } finally {
      if (options.retire === true) worker.kill();
      this.#release(worker);
    }
  }

  /** Stops all workers and fails what waits; resolves when the processes are gone. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#idleTimer);
    for (const waiting of this.#waiting.splice(0))
      waiting.fail(new LeanUnavailableError('the Lean pool is closed'));
    await Promise.all([...this.#workers.keys()].map((worker) => worker.dispose()));
    this.#workers.clear();
  }

  #acquire(clean: boolean, signal: AbortSignal | undefined): Promise<LeanWorker> {
    signal?.throwIfAborted();
    if (this.#disposed) throw new LeanUnavailableError('the Lean pool is closed');
    const { promise, resolve, reject } = Promise.withResolvers<LeanWorker>();
    const waiting: Waiting = { clean, grant: resolve, fail: reject };
    const abort = (): void => {
      const index = this.#waiting.indexOf(waiting);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.push(waiting);
    this.#activate();
    this.#schedule();
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  #release(worker: LeanWorker): void {
    const { residentBytes, wasmBytes } = worker.health;
    const { recycleResidentBytes, recycleWasmBytes } = this.#settings;
    if (wasmBytes > recycleWasmBytes || residentBytes > recycleResidentBytes) worker.kill();
    if (!worker.alive) this.#workers.delete(worker);
    this.#fill();
    this.#schedule();
    this.#rest();
  }

  #activate(): void {
    clearTimeout(this.#idleTimer);
    this.#active = true;
    this.#fill();
  }

  /** Stops everything after a while without work. */
  #rest(): void {
    clearTimeout(this.#idleTimer);
    if (this.#waiting.length > 0 || [...this.#workers.keys()].some((worker) => worker.busy)) return;
    this.#idleTimer = setTimeout(() => {
      this.#active = false;
      for (const worker of this.#workers.keys()) worker.kill();
      this.#workers.clear();
    }, this.#settings.idleMs).unref();
  }

  #fill(): void {
    if (!this.#active || this.#disposed) return;
    const wanted = this.#settings.size + this.#settings.spares;
    while (this.#workers.size < wanted) this.#startWorker();
  }

  #startWorker(): void {
    const worker = new LeanWorker(this.#components.start(), {
      startTimeoutMs: this.#settings.startTimeoutMs,
    });
    const state = { ready: false, clean: true };
    this.#workers.set(worker, state);
    worker.ready.then(
      () => {
        this.#failedStarts = 0;
        state.ready = true;
        this.#schedule();
      },
      (error: unknown) => {
        this.#workers.delete(worker);
        if (this.#disposed || !this.#active) return;
        this.#failedStarts++;
        if (this.#failedStarts < MAX_FAILED_STARTS) this.#fill();
        else this.#giveUp(error);
      },
    );
    void worker.exited.then(() => {
      // An idle worker that died (killed by the system, say) is replaced as well.
      if (this.#workers.delete(worker) && state.ready) this.#fill();
    });
  }

  #giveUp(error: unknown): void {
    this.#active = false;
    this.#failedStarts = 0;
    const failure = error instanceof Error ? error : new LeanUnavailableError(String(error));
    for (const waiting of this.#waiting.splice(0)) waiting.fail(failure);
  }

  #schedule(): void {
    for (let i = 0; i < this.#waiting.length;) {
      const waiting = this.#waiting[i];
      const worker = waiting && this.#pick(waiting.clean);
      if (waiting === undefined || worker === undefined) {
        i++;
        continue;
      }
      this.#waiting.splice(i, 1);
      const state = this.#workers.get(worker);
      if (state !== undefined && !waiting.clean) state.clean = false;
      worker.reserve();
      waiting.grant(worker);
    }
  }

  #pick(clean: boolean): LeanWorker | undefined {
    const free = [...this.#workers].filter(([worker, state]) => state.ready && worker.alive && !worker.busy);
    if (clean) return free.find(([, state]) => state.clean)?.[0];
    const used = free.find(([, state]) => !state.clean);
    if (used !== undefined) return used[0];
    // At most `size` workers are ever used up, so a clean one remains.
    const usedUp = [...this.#workers.values()].filter((state) => !state.clean).length;
    return usedUp < this.#settings.size ? free[0]?.[0] : undefined;
  }
}
