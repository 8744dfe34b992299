import path from 'node:path';
import { orAborted } from './abort.ts';
import { InferenceCrashedError, InferenceUnavailableError, ModelUnloadedError } from './errors.ts';
import { Session, type SessionListeners } from './session.ts';
import type { EngineSettings } from './settings.ts';
import {
  inferenceEnvironment,
  PROCESS_ENTRY,
  type InferenceProcess,
  type InferenceSpawner,
} from './spawner.ts';
import type { InferenceEvent, MemoryEstimate, ModelState } from './types.ts';

/** So many processes in a row that ended without one reply: it is the model or the machine, not chance. */
const MAX_CRASHES = 3;

export interface Ready {
  readonly session: Session;
  readonly model: ModelState;
}

/** A model that is loaded or being loaded. */
interface Open {
  readonly ready: Promise<Ready>;
  session?: Session;
  model?: ModelState;
  /** Unloaded before its process was started. */
  abandoned?: Error;
}

export interface HostComponents {
  readonly spawn: InferenceSpawner;
  readonly emit: (event: InferenceEvent) => void;
  readonly onCounters: NonNullable<SessionListeners['onCounters']>;
  /** Called for every process that has ended. */
  readonly onEnd: () => void;
  /** Called before a model is unloaded. */
  readonly onUnload: (error: ModelUnloadedError) => void;
}

/** Keeps one model's process while it is needed, and for a while after; starts another where it crashed. */
export class ModelHost {
  readonly #components: HostComponents;
  readonly #settings: EngineSettings;
  /** Processes that were ended and are not gone yet, with their memory. */
  readonly #leaving = new Set<Promise<void>>();
  #open: Open | undefined;
  #crashes = 0;
  #crashedAt = 0;
  /** Calls that need the model now. */
  #users = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(components: HostComponents, settings: EngineSettings) {
    this.#components = components;
    this.#settings = settings;
  }

  get model(): ModelState | undefined {
    return this.#open?.model;
  }

  get pid(): number | undefined {
    return this.#open?.session?.pid;
  }

  /** Runs something that needs the model, which is loaded for it and kept while it runs. */
  async using<T>(signal: AbortSignal | undefined, work: (ready: Ready) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    this.refuseIfDisposed();
    clearTimeout(this.#idleTimer);
    this.#users++;
    try {
      const ready = await orAborted(this.#opened().ready, signal);
      return await orAborted(work(ready), signal);
    } finally {
      this.#users--;
      if (this.#users === 0) this.#rest();
    }
  }

  /** In a process of its own, which is gone afterwards. */
  async estimate(signal: AbortSignal | undefined): Promise<MemoryEstimate> {
    signal?.throwIfAborted();
    this.refuseIfDisposed();
    const session = new Session(this.#start(), { onEnd: () => this.#leave(session) });
    try {
      return await orAborted(session.estimate(this.#settings.loadTimeoutMs), signal);
    } catch (error) {
      throw this.#ofTheFile(error);
    } finally {
      session.end(new ModelUnloadedError('the estimate is done'));
    }
  }

  /** Something has worked: earlier crashes count no more. */
  forgetCrashes(): void {
    this.#crashes = 0;
  }

  async unload(): Promise<void> {
    this.forgetCrashes();
    this.#close('asked');
    await Promise.all(this.#leaving);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.unload();
  }

  refuseIfDisposed(): void {
    if (this.#disposed) throw new ModelUnloadedError('the engine is disposed of');
  }

  /** Nobody needs the model now: one being loaded is given up, a loaded one is kept for a while. */
  #rest(): void {
    if (this.#open === undefined) return;
    if (this.#open.model === undefined) this.#close('asked');
    else this.#idleTimer = setTimeout(() => this.#close('idle'), this.#settings.idleMs).unref();
  }

  #opened(): Open {
    if (this.#open !== undefined) return this.#open;
    const again = Math.ceil((this.#crashedAt + this.#settings.crashRestMs - performance.now()) / 1000);
    if (this.#crashes >= MAX_CRASHES && again > 0)
      throw new InferenceUnavailableError(
        `the inference process ended ${this.#crashes} times in a row; it is not started again for ${again} s, unless the model is unloaded`,
      );
    const ready = Promise.withResolvers<Ready>();
    const open: Open = { ready: ready.promise };
    this.#open = open;
    this.#load(open).then(ready.resolve, (error: unknown) => {
      if (this.#open === open) this.#open = undefined;
      ready.reject(error);
    });
    // Whoever waits for it hears of its failure; perhaps nobody does any more.
    ready.promise.catch(() => {});
    return open;
  }

  async #load(open: Open): Promise<Ready> {
    const { emit, onCounters } = this.#components;
    const began = performance.now();
    // The last process may still hold the memory that this one needs.
    await Promise.all(this.#leaving);
    if (open.abandoned !== undefined) throw open.abandoned;
    const session = new Session(this.#start(), {
      onPlan: (estimate) => emit({ type: 'inference:estimated', estimate }),
      onProgress: (fraction) => emit({ type: 'inference:loading', fraction }),
      onCounters,
      onEnd: (cause) => this.#ended(open, session, cause),
    });
    open.session = session;
    try {
      const model = await session.load(this.#settings.loadTimeoutMs);
      open.model = model;
      emit({ type: 'inference:ready', model, seconds: (performance.now() - began) / 1000 });
      return { session, model };
    } catch (error) {
      session.end(error instanceof Error ? error : new Error(String(error)));
      throw this.#ofTheFile(error);
    }
  }

  /** llama.cpp ends its process on some damaged files instead of refusing them: the user must hear which file it was. */
  #ofTheFile(error: unknown): unknown {
    if (!(error instanceof InferenceCrashedError)) return error;
    const file = path.basename(this.#settings.modelPath);
    return new InferenceCrashedError(
      `llama.cpp did not survive reading ${file}, which may be damaged or of a kind that it does not know: ${error.message}`,
      { cause: error },
    );
  }

  #ended(open: Open, session: Session, cause: Error): void {
    if (this.#open === open) this.#open = undefined;
    clearTimeout(this.#idleTimer);
    this.#leave(session);
    this.#components.onEnd();
    if (!(cause instanceof InferenceCrashedError)) return;
    this.#crashes++;
    this.#crashedAt = performance.now();
    this.#components.emit({ type: 'inference:crashed', detail: cause.message });
  }

  #close(reason: 'idle' | 'asked'): void {
    clearTimeout(this.#idleTimer);
    const error = new ModelUnloadedError('the model was unloaded');
    this.#components.onUnload(error);
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    if (open.session === undefined) open.abandoned = error;
    else open.session.end(error);
    this.#components.emit({ type: 'inference:unloaded', reason });
  }

  #start(): InferenceProcess {
    return this.#components.spawn({
      entry: PROCESS_ENTRY,
      args: [JSON.stringify(this.#settings)],
      env: inferenceEnvironment(this.#settings.devices),
    });
  }

  #leave(session: Session): void {
    const gone = session.exited.then(() => void this.#leaving.delete(gone));
    this.#leaving.add(gone);
  }
}
