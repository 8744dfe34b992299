import { orAborted } from './abort.ts';
import { Activity } from './activity.ts';
import {
  InferenceCrashedError,
  InferenceUnavailableError,
  InvalidRequestError,
  ModelUnloadedError,
} from './errors.ts';
import { generationRequestSchema, type GenerationOutcome } from './protocol.ts';
import { SlotQueue } from './queue.ts';
import { Session } from './session.ts';
import { engineSettingsSchema, type EngineSettings, type EngineSettingsInput } from './settings.ts';
import {
  inferenceEnvironment,
  PROCESS_ENTRY,
  type InferenceProcess,
  type InferenceSpawner,
} from './spawner.ts';
import type {
  GenerateOptions,
  GenerationRequest,
  GenerationResult,
  InferenceEngine,
  InferenceEvent,
  InferenceTotals,
  MemoryEstimate,
  ModelState,
  RenderedPrompt,
} from './types.ts';

/** So many processes in a row that ended without one reply: it is the model or the machine, not chance. */
const MAX_CRASHES = 3;

interface Ready {
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

interface CallOptions {
  readonly signal?: AbortSignal;
}

/** One model in a process of its own, started at the first need, ended when it is idle, and started anew after a crash. */
export class LlamaEngine implements InferenceEngine {
  readonly #spawn: InferenceSpawner;
  readonly #settings: EngineSettings;
  readonly #queue: SlotQueue;
  readonly #activity: Activity;
  readonly #listeners = new Set<(event: InferenceEvent) => void>();
  /** Processes that were ended and are not gone yet, with their memory. */
  readonly #leaving = new Set<Promise<void>>();
  #open: Open | undefined;
  #crashes = 0;
  /** How often the model was unloaded. */
  #unloads = 0;
  /** Calls that need the model now. */
  #users = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** @throws ZodError where a setting is out of range */
  constructor({ spawn }: { readonly spawn: InferenceSpawner }, settings: EngineSettingsInput) {
    this.#spawn = spawn;
    this.#settings = engineSettingsSchema.parse(settings);
    this.#queue = new SlotQueue(this.#settings.slots, () => this.#activity.update());
    this.#activity = new Activity({
      slots: () => ({ total: this.#queue.total, busy: this.#queue.busy, queued: this.#queue.queued }),
      emit: (event) => this.#emit(event),
    });
  }

  get model(): ModelState | undefined {
    return this.#open?.model;
  }

  get slots(): number {
    return this.#queue.total;
  }

  get totals(): InferenceTotals {
    return this.#activity.totals;
  }

  /** Of the process that holds the model. */
  get pid(): number | undefined {
    return this.#open?.session?.pid;
  }

  async load({ signal }: CallOptions = {}): Promise<ModelState> {
    return this.#using(signal, ({ model }) => Promise.resolve(model));
  }

  async estimate({ signal }: CallOptions = {}): Promise<MemoryEstimate> {
    signal?.throwIfAborted();
    this.#refuseIfDisposed();
    const session = new Session(this.#start(), { onEnd: () => this.#leave(session) });
    try {
      return await orAborted(session.estimate(this.#settings.loadTimeoutMs), signal);
    } finally {
      session.end(new ModelUnloadedError('the estimate is done'));
    }
  }

  async render(prompt: GenerationRequest['prompt'], { signal }: CallOptions = {}): Promise<RenderedPrompt> {
    return this.#using(signal, ({ session }) => session.render(prompt));
  }

  async generate(request: GenerationRequest, options: GenerateOptions = {}): Promise<GenerationResult> {
    const { signal, group = '' } = options;
    const checked = generationRequestSchema.safeParse(request);
    if (!checked.success) throw new InvalidRequestError(checked.error.message);
    this.#refuseIfDisposed();
    const asked = performance.now();
    const unloads = this.#unloads;
    const slot = await this.#queue.acquire(group, signal);
    const queued = performance.now() - asked;
    // After a cancellation the process needs the slot for another moment.
    let ended: Promise<unknown> = Promise.resolve();
    try {
      // What was asked before must not load the model again.
      if (unloads !== this.#unloads) throw unloaded();
      return await this.#using(signal, async ({ session }) => {
        this.#activity.request();
        const generation = session.generate(checked.data, options.onText !== undefined);
        ended = generation.outcome.then(
          (outcome) => this.#activity.finished(outcome),
          () => undefined,
        );
        const outcome = await this.#hear(generation, options);
        this.#crashes = 0;
        const { promptMilliseconds, generationMilliseconds, ...result } = outcome;
        return {
          ...result,
          milliseconds: { queued, prompt: promptMilliseconds, generation: generationMilliseconds },
        };
      });
    } finally {
      void ended.then(() => slot.release());
    }
  }

  judging(): () => void {
    return this.#activity.judging();
  }

  async unload(): Promise<void> {
    this.#crashes = 0;
    this.#close('asked');
    await Promise.all(this.#leaving);
  }

  subscribe(listener: (event: InferenceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.unload();
    this.#activity.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** Gives the pieces of a reply to the caller, and stops it where the caller says so, throws or cancels. */
  async #hear(
    generation: ReturnType<Session['generate']>,
    { signal, onText }: GenerateOptions,
  ): Promise<GenerationOutcome> {
    const deaf = Promise.withResolvers<never>();
    generation.onText((piece) => {
      try {
        if (onText?.(piece) === 'stop') generation.stop();
      } catch (error) {
        deaf.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    try {
      return await orAborted(Promise.race([generation.outcome, deaf.promise]), signal);
    } catch (error) {
      generation.stop();
      throw error;
    }
  }

  /** Runs something that needs the model, which is loaded for it and kept while it runs. */
  async #using<T>(signal: AbortSignal | undefined, work: (ready: Ready) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    this.#refuseIfDisposed();
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

  /** Nobody needs the model now: one being loaded is given up, a loaded one is kept for a while. */
  #rest(): void {
    if (this.#open === undefined) return;
    if (this.#open.model === undefined) this.#close('asked');
    else this.#idleTimer = setTimeout(() => this.#close('idle'), this.#settings.idleMs).unref();
  }

  #opened(): Open {
    if (this.#open !== undefined) return this.#open;
    if (this.#crashes >= MAX_CRASHES)
      throw new InferenceUnavailableError(
        `the inference process ended ${this.#crashes} times in a row; it is not started again before the model is unloaded`,
      );
    const ready = Promise.withResolvers<Ready>();
    const open: Open = { ready: ready.promise };
    this.#open = open;
    this.#load(open).then(ready.resolve, ready.reject);
    // Whoever waits for it hears of its failure; perhaps nobody does any more.
    ready.promise.catch(() => {});
    return open;
  }

  async #load(open: Open): Promise<Ready> {
    const began = performance.now();
    // The last process may still hold the memory that this one needs.
    await Promise.all(this.#leaving);
    if (open.abandoned !== undefined) throw open.abandoned;
    const session = new Session(this.#start(), {
      onProgress: (fraction) => this.#emit({ type: 'inference:loading', fraction }),
      onCounters: (counters) => this.#activity.count(counters),
      onEnd: (cause) => this.#ended(open, session, cause),
    });
    open.session = session;
    try {
      const { model, estimate } = await session.load(this.#settings.loadTimeoutMs);
      open.model = model;
      this.#emit({ type: 'inference:estimated', estimate });
      this.#emit({ type: 'inference:ready', model, seconds: (performance.now() - began) / 1000 });
      return { session, model };
    } catch (error) {
      session.end(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  #ended(open: Open, session: Session, cause: Error): void {
    if (this.#open === open) this.#open = undefined;
    clearTimeout(this.#idleTimer);
    this.#leave(session);
    this.#activity.processEnded();
    if (!(cause instanceof InferenceCrashedError)) return;
    this.#crashes++;
    this.#emit({ type: 'inference:crashed', detail: cause.message });
  }

  #close(reason: 'idle' | 'asked'): void {
    clearTimeout(this.#idleTimer);
    const error = unloaded();
    this.#unloads++;
    this.#queue.clear(error);
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    if (open.session === undefined) open.abandoned = error;
    else open.session.end(error);
    this.#emit({ type: 'inference:unloaded', reason });
  }

  #start(): InferenceProcess {
    const { devices } = this.#settings;
    return this.#spawn({
      entry: PROCESS_ENTRY,
      args: [JSON.stringify(this.#settings)],
      env: inferenceEnvironment(devices),
    });
  }

  #leave(session: Session): void {
    const gone = session.exited.then(() => void this.#leaving.delete(gone));
    this.#leaving.add(gone);
  }

  #refuseIfDisposed(): void {
    if (this.#disposed) throw new ModelUnloadedError('the engine is disposed of');
  }

  #emit(event: InferenceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const unloaded = (): ModelUnloadedError => new ModelUnloadedError('the model was unloaded');
