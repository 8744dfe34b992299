import { orAborted } from './abort.ts';
import { Activity } from './activity.ts';
import { InvalidRequestError, ModelUnloadedError } from './errors.ts';
import { ModelHost } from './host.ts';
import { generationRequestSchema, type GenerationOutcome } from './protocol.ts';
import { SlotQueue } from './queue.ts';
import type { Session } from './session.ts';
import { engineSettingsSchema, type EngineSettingsInput } from './settings.ts';
import type { InferenceSpawner } from './spawner.ts';
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

interface CallOptions {
  readonly signal?: AbortSignal;
}

/** One model in a process of its own, behind a queue for its slots. */
export class LlamaEngine implements InferenceEngine {
  readonly #host: ModelHost;
  readonly #queue: SlotQueue;
  readonly #activity: Activity;
  readonly #listeners = new Set<(event: InferenceEvent) => void>();
  /** How often the model was unloaded. */
  #unloads = 0;

  /** @throws ZodError where a setting is out of range */
  constructor({ spawn }: { readonly spawn: InferenceSpawner }, input: EngineSettingsInput) {
    const settings = engineSettingsSchema.parse(input);
    const emit = (event: InferenceEvent): void => {
      for (const listener of this.#listeners) listener(event);
    };
    this.#queue = new SlotQueue(settings.slots, () => this.#activity.update());
    this.#activity = new Activity({
      slots: () => ({ total: this.#queue.total, busy: this.#queue.busy, queued: this.#queue.queued }),
      emit,
    });
    this.#host = new ModelHost(
      {
        spawn,
        emit,
        onCounters: (counters) => this.#activity.count(counters),
        onEnd: () => this.#activity.processEnded(),
        onUnload: (error) => {
          this.#unloads++;
          this.#queue.clear(error);
        },
      },
      settings,
    );
  }

  get model(): ModelState | undefined {
    return this.#host.model;
  }

  get slots(): number {
    return this.#queue.total;
  }

  get totals(): InferenceTotals {
    return this.#activity.totals;
  }

  /** Of the process that holds the model. */
  get pid(): number | undefined {
    return this.#host.pid;
  }

  async load({ signal }: CallOptions = {}): Promise<ModelState> {
    return this.#host.using(signal, ({ model }) => Promise.resolve(model));
  }

  async estimate({ signal }: CallOptions = {}): Promise<MemoryEstimate> {
    return this.#host.estimate(signal);
  }

  async render(prompt: GenerationRequest['prompt'], { signal }: CallOptions = {}): Promise<RenderedPrompt> {
    return this.#host.using(signal, ({ session }) => session.render(prompt));
  }

  async generate(request: GenerationRequest, options: GenerateOptions = {}): Promise<GenerationResult> {
    const { signal, group = '' } = options;
    const checked = generationRequestSchema.safeParse(request);
    if (!checked.success) throw new InvalidRequestError(checked.error.message);
    this.#host.refuseIfDisposed();
    const asked = performance.now();
    const unloads = this.#unloads;
    const slot = await this.#queue.acquire(group, signal);
    const queued = performance.now() - asked;
    // After a cancellation the process needs the slot for another moment.
    let ended: Promise<unknown> = Promise.resolve();
    try {
      // What was asked before must not load the model again.
      if (unloads !== this.#unloads) throw new ModelUnloadedError('the model was unloaded');
      return await this.#host.using(signal, async ({ session }) => {
        this.#activity.request();
        const generation = session.generate(checked.data, options.onText !== undefined);
        ended = generation.outcome.then(
          (outcome) => this.#activity.finished(outcome),
          () => undefined,
        );
        const outcome = await hear(generation, options);
        this.#host.forgetCrashes();
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
    await this.#host.unload();
  }

  subscribe(listener: (event: InferenceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async dispose(): Promise<void> {
    await this.#host.dispose();
    this.#activity.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** Gives the pieces of a reply to the caller, and stops it where the caller says so, throws or cancels. */
async function hear(
  generation: ReturnType<Session['generate']>,
  { signal, onText }: GenerateOptions,
): Promise<GenerationOutcome> {
  const deaf = Promise.withResolvers<never>();
  generation.onText((piece, tokens) => {
    try {
      if (onText?.(piece, tokens) === 'stop') generation.stop();
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
