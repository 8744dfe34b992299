import { LeanUnavailableError } from './errors.ts';
import { FairQueue, laneOf, type Asker, type Lane } from './fair-queue.ts';
import type { WorkerRequest } from './protocol/index.ts';
import type { LeanProcess } from './spawner.ts';
import { isWornOut, shareWorn, worst } from './wear.ts';
import {
  busyForPeers,
  canServeClean,
  dispensable,
  give,
  newWorkerState,
  pickWorker,
  type Wanted,
  type WorkerState,
} from './worker-choice.ts';
import { LeanWorker, type WorkerReply } from './worker.ts';

export interface PoolSettings {
  /** Workers that may be busy with submissions at one time. */
  readonly size: number;
  /**
   * Workers kept warm beside those: they take over at once from a killed one, and as they have never seen a submission,
   * clean requests go to them.
   */
  readonly spares: number;
  /** Workers started beside those when peers' requests keep them all busy and one of this node's own waits; peers' never get them. */
  readonly reserve?: number;
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

export interface RunOptions extends Asker {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Ask a worker that has never elaborated a submission. */
  readonly clean?: boolean;
  /** Use the worker up: what it is asked could change how it answers the next. */
  readonly retire?: boolean;
  /** What a judge is asked about, for one that elaborates it anew itself. */
  readonly sources?: { readonly theorem: string; readonly challenge: string; readonly submission: string };
}

/** An answer, and whether the worker that gave it was ever given something of a peer's; it was not where that is not said. */
export type BackEndReply = WorkerReply & { readonly shared?: boolean };

interface Waiting extends Wanted {
  readonly lane: Lane;
  readonly grant: (worker: LeanWorker) => void;
  readonly fail: (error: Error) => void;
}

/** Sets of modules that a worker may hold; what was loaded once stays in its memory, so one with more is replaced. */
const MAX_LOADED = 6;
/**
 * So long after the first worker is ready the spares are started: what the first request waits for is started first, and a pool
 * that has answered all by then never needs them.
 */
const SPARES_AFTER_MS = 1500;
/**
 * What the start of another worker counts for with whoever's request used one up, in milliseconds of a worker: 1.2 s until it is
 * ready on two cores of a server, 1.8 s of processor time. A fixed amount, as what a start takes on a loaded machine is others'
 * doing; and for every cause alike, so that no way to use a worker up is cheaper than another. Where one is used up little by
 * little each pays a part, and not the last one all of it.
 */
const START_COST_MS = 1200;
/** So many failed starts in a row mean that Lean cannot be started here. */
const MAX_FAILED_STARTS = 3;
/** After so long a worker that could not be started beside others is tried again. */
const RESERVE_AGAIN_MS = 60_000;

/** A supervised set of Lean workers: starts them when they are needed, replaces those that were killed or have grown. */
export class LeanPool {
  readonly #components: PoolComponents;
  readonly #settings: PoolSettings;
  readonly #workers = new Map<LeanWorker, WorkerState>();
  readonly #waiting = new FairQueue<Waiting>();
  /** Those whose turn had come when a worker had to be started for them: nobody else gets it first. */
  readonly #promised = new Set<Waiting>();
  #idleTimer: NodeJS.Timeout | undefined;
  #failedStarts = 0;
  #active = false;
  #disposed = false;
  /** Whether spares are wanted already. */
  #sparing = false;
  /** And those that are this node's own; when it asked for something last, and from when on more may be started, on the clock of `performance.now`. */
  #reserving = false;
  #askedByOwn = -Infinity;
  #mayReserveFrom = -Infinity;
  #sparesTimer: NodeJS.Timeout | undefined;

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
  async run(request: WorkerRequest, options: RunOptions): Promise<BackEndReply> {
    const imports = request.imports.join(' ');
    const lane = laneOf(options);
    const foreign = options.origin === 'peer';
    const wanted = { clean: options.clean ?? false, foreign, imports, lane };
    const worker = await this.#acquire(wanted, options.signal);
    const shared = this.#workers.get(worker)?.foreign ?? true;
    const started = performance.now();
    try {
      const reply = await worker.ask(request, {
        timeoutMs: options.timeoutMs,
        ...(options.signal ? { signal: options.signal } : {}),
      });
      return { ...reply, shared };
    } finally {
      if (options.retire === true) worker.kill();
      // At once, but where the request was cancelled and the worker is not done with it.
      if (worker.busy) void worker.idle.then(() => this.#release(worker, lane, started));
      else this.#release(worker, lane, started);
    }
  }

  /** Stops all workers and fails what waits; resolves when the processes are gone. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#sparesTimer);
    this.#failAll(new LeanUnavailableError('the Lean pool is closed'));
    await Promise.all([...this.#workers.keys()].map((worker) => worker.dispose()));
    this.#workers.clear();
  }

  #acquire(
    { lane, ...wanted }: Wanted & { readonly lane: Lane },
    signal: AbortSignal | undefined,
  ): Promise<LeanWorker> {
    signal?.throwIfAborted();
    if (this.#disposed) throw new LeanUnavailableError('the Lean pool is closed');
    const { promise, resolve, reject } = Promise.withResolvers<LeanWorker>();
    const waiting: Waiting = { ...wanted, lane, grant: resolve, fail: reject };
    const abort = (): void => {
      if (!this.#remove(waiting)) return;
      reject(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
      this.#rest();
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.add(lane, waiting);
    if (lane === 'own') this.#askedByOwn = performance.now();
    this.#activate();
    this.#schedule();
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  #release(worker: LeanWorker, lane: Lane, started: number): void {
    const used = worker.alive ? this.#wear(worker) : 1;
    if (!worker.alive) this.#workers.delete(worker);
    this.#waiting.charge(lane, performance.now() - started + used * START_COST_MS);
    this.#giveReserveUp();
    this.#fill();
    this.#schedule();
    this.#rest();
  }

  /** The share of a worker that its last request has used up; ends one of which nothing is left. */
  #wear(worker: LeanWorker): number {
    const state = this.#workers.get(worker);
    if (state === undefined) return 0;
    const { recycleResidentBytes: residentBytes, recycleWasmBytes: wasmBytes } = this.#settings;
    const most = { loaded: MAX_LOADED, residentBytes, wasmBytes };
    const now = { ...worker.health, loaded: state.loaded.size };
    const share = shareWorn(state.worn, now, most);
    state.worn = worst(state.worn, now);
    if (isWornOut(now, most)) worker.kill();
    return Math.min(share, 1);
  }

  #activate(): void {
    clearTimeout(this.#idleTimer);
    this.#active = true;
    this.#fill();
  }

  /** Stops everything after a while without work. */
  #rest(): void {
    clearTimeout(this.#idleTimer);
    if (this.#waiting.size > 0 || [...this.#workers.keys()].some((worker) => worker.busy)) return;
    this.#idleTimer = setTimeout(() => {
      this.#active = false;
      clearTimeout(this.#sparesTimer);
      this.#sparesTimer = undefined;
      this.#sparing = false;
      this.#reserving = false;
      for (const worker of this.#workers.keys()) worker.kill();
      this.#workers.clear();
    }, this.#settings.idleMs).unref();
  }

  #fill(): void {
    while (this.#active && !this.#disposed && this.#workers.size < this.#wanted) this.#startWorker();
  }

  /** Workers that there are to be now. */
  get #wanted(): number {
    const { size, spares, reserve = 0 } = this.#settings;
    return size + (this.#sparing ? spares : 0) + (this.#reserving ? reserve : 0);
  }

  #spareSoon(): void {
    if (this.#sparing || !this.#active || this.#disposed) return;
    this.#sparesTimer ??= setTimeout(() => this.#spareNow(), SPARES_AFTER_MS).unref();
  }

  #spareNow(): void {
    this.#sparing = true;
    this.#fill();
  }

  #startWorker(): void {
    let process: LeanProcess;
    try {
      process = this.#components.start();
    } catch (error) {
      // A system that is short of memory may refuse at once.
      this.#startFailed(error);
      return;
    }
    const worker = new LeanWorker(process, { startTimeoutMs: this.#settings.startTimeoutMs });
    const state = newWorkerState();
    this.#workers.set(worker, state);
    worker.ready.then(
      () => {
        this.#failedStarts = 0;
        state.ready = true;
        // It is ready with the first set that it loads.
        state.worn = { ...worker.health, loaded: 1 };
        this.#spareSoon();
        this.#schedule();
        this.#rest();
      },
      (error: unknown) => {
        this.#workers.delete(worker);
        if (this.#disposed || !this.#active) return;
        this.#startFailed(error);
        this.#fill();
      },
    );
    void worker.exited.then(() => {
      // An idle worker that died (killed by the system, say) is replaced as well.
      if (this.#workers.delete(worker) && state.ready) this.#fill();
    });
  }

  /** After too many in a row nothing is started before the next request. */
  #startFailed(error: unknown): void {
    this.#failedStarts++;
    if (this.#failedStarts < MAX_FAILED_STARTS) return;
    this.#failedStarts = 0;
    // A system that has no memory for one more still has those that it has.
    if (this.#reserving && [...this.#workers].some(([worker, { ready }]) => ready && worker.alive)) {
      this.#reserving = false;
      this.#mayReserveFrom = performance.now() + RESERVE_AGAIN_MS;
      return;
    }
    this.#active = false;
    const failure =
      error instanceof LeanUnavailableError
        ? error
        : new LeanUnavailableError(`Lean could not be started: ${String(error)}`, { cause: error });
    this.#failAll(failure);
    this.#rest();
  }

  #failAll(error: Error): void {
    this.#promised.clear();
    for (const waiting of this.#waiting.drain()) waiting.fail(error);
  }

  /** @returns whether it was waiting */
  #remove(waiting: Waiting): boolean {
    this.#promised.delete(waiting);
    return this.#waiting.remove(waiting);
  }

  #schedule(): void {
    for (;;) {
      const next = this.#next();
      if (next === undefined) {
        this.#reserveWhereBlocked();
        return;
      }
      const worker = this.#pick(next.item);
      const state = worker && this.#workers.get(worker);
      if (worker === undefined || state === undefined) {
        this.#makeRoomFor(next.item);
        continue;
      }
      this.#remove(next.item);
      give(state, next.item, next.lane);
      worker.reserve();
      next.item.grant(worker);
    }
  }

  /** The one whose turn it is among those that can be served, or that a worker can be given up for. */
  #next(): { lane: Lane; item: Waiting } | undefined {
    const servable = (waiting: Waiting): boolean => this.#pick(waiting) !== undefined;
    const needsRoom = (waiting: Waiting): boolean => this.#isBlocked(waiting) && this.#hasRoom();
    return (
      this.#waiting.next((waiting) => this.#promised.has(waiting) && servable(waiting)) ??
      // This user waits for one answer to a peer at most: where each side keeps a worker busy, time spent tells no turns.
      this.#waiting.next((waiting) => !waiting.foreign && needsRoom(waiting)) ??
      this.#waiting.next((waiting) => servable(waiting) || needsRoom(waiting))
    );
  }

  /** Whether there is a worker to start, or to give up for one that has to be. */
  #hasRoom(): boolean {
    const { size, spares } = this.#settings;
    return this.#active && (this.#workers.size < size + spares || dispensable(this.#workers) !== undefined);
  }

  /** Whether a request needs a clean worker, and none that there is will ever be one for it. */
  #isBlocked(waiting: Waiting): boolean {
    return waiting.clean && !canServeClean(this.#workers, waiting);
  }

  #pick(waiting: Waiting): LeanWorker | undefined {
    const { size, spares, reserve = 0 } = this.#settings;
    const own = waiting.lane === 'own';
    if (!own && reserve > 0 && busyForPeers(this.#workers) >= size + spares) return undefined;
    return pickWorker(this.#workers, waiting, own ? size + reserve : size);
  }

  /** Own work that waits while peers' keeps all workers busy gets one more. */
  #reserveWhereBlocked(): void {
    const { size, spares, reserve = 0 } = this.#settings;
    if (this.#reserving || reserve === 0 || performance.now() < this.#mayReserveFrom) return;
    if (busyForPeers(this.#workers) < size + spares) return;
    if (this.#waiting.next(({ lane }) => lane === 'own') === undefined) return;
    this.#reserving = true;
    this.#fill();
  }

  /** What own work has not needed for long is peers' memory for nothing. */
  #giveReserveUp(): void {
    if (!this.#reserving || performance.now() - this.#askedByOwn < this.#settings.idleMs) return;
    this.#reserving = false;
    for (const worker of this.#workers.keys()) {
      if (this.#workers.size <= this.#wanted) return;
      if (worker.busy) continue;
      worker.kill();
      this.#workers.delete(worker);
    }
  }

  /** Starts a worker for a clean request that none can serve; a pool that has all its workers gives one up. */
  #makeRoomFor(waiting: Waiting): void {
    this.#promised.add(waiting);
    this.#sparing ||= this.#settings.spares > 0;
    this.#fill();
    if (!this.#isBlocked(waiting)) return;
    const [worker, state] = dispensable(this.#workers) ?? [];
    if (worker === undefined) return;
    worker.kill();
    this.#workers.delete(worker);
    // Not the request that waits, but the one after which the worker could not serve it, is what costs a start.
    if (state?.lane !== undefined) this.#waiting.charge(state.lane, START_COST_MS);
    this.#fill();
  }
}
