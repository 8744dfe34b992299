import {
  GenerationFailedError,
  InferenceCrashedError,
  InferenceUnavailableError,
  InvalidRequestError,
  ModelTooLargeError,
  ModelUnreadableError,
} from './errors.ts';
import {
  processMessageSchema,
  type Counters,
  type GenerationOutcome,
  type ProcessMessage,
} from './protocol.ts';
import type { InferenceProcess } from './spawner.ts';
import type { GenerationRequest, MemoryEstimate, ModelState, RenderedPrompt } from './types.ts';

/** A process that says nothing for so long, though it has work, is hung: it gives a sign of life twice a second. */
const SILENCE_MS = 60_000;
/** A template that has not rendered a prompt by then never will. */
const RENDER_MS = 30_000;

type Answer = Exclude<ProcessMessage, { type: 'planned' | 'progress' | 'text' | 'counters' }>;

/** Hears what was added to a reply, and how many tokens that has now. */
export type TextListener = (piece: string, tokens: number) => void;

interface Pending {
  readonly settle: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
  onText: TextListener | undefined;
  /** Generations have no time limit of their own. */
  readonly generating: boolean;
}

export interface SessionListeners {
  readonly onPlan?: (estimate: MemoryEstimate) => void;
  readonly onProgress?: (fraction: number) => void;
  readonly onCounters?: (counters: Counters) => void;
  /** The process is gone: by itself, or because it was ended. */
  readonly onEnd?: (cause: Error) => void;
}

/** One inference process: asked many things at a time, failed all at once when it ends. */
export class Session {
  readonly #process: InferenceProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners: SessionListeners;
  readonly #exited: Promise<void>;
  #nextId = 0;
  #ended: Error | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(process: InferenceProcess, listeners: SessionListeners) {
    this.#process = process;
    this.#listeners = listeners;
    const exited = Promise.withResolvers<undefined>();
    this.#exited = exited.promise;
    process.onMessage((message) => {
      const parsed = processMessageSchema.safeParse(message);
      if (parsed.success) this.#receive(parsed.data);
      else this.#end('the inference process sent something unintelligible');
    });
    process.onExit((code, signal, stderr) => {
      const reason = signal ?? `exit code ${code ?? 'unknown'}`;
      const last = stderr.trim().split('\n').at(-1) ?? '';
      this.#end(`the inference process ended (${reason})${last === '' ? '' : `: ${last}`}`);
      exited.resolve(undefined);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Resolves when the process is gone. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  async estimate(timeoutMs: number): Promise<MemoryEstimate> {
    const answer = await this.#ask({ type: 'estimate' }, timeoutMs);
    if (answer.type !== 'estimated') throw wrongAnswer(answer);
    return answer.estimate;
  }

  async load(timeoutMs: number): Promise<ModelState> {
    const answer = await this.#ask({ type: 'load' }, timeoutMs);
    if (answer.type !== 'loaded') throw wrongAnswer(answer);
    return answer.model;
  }

  async render(prompt: GenerationRequest['prompt']): Promise<RenderedPrompt> {
    const answer = await this.#ask({ type: 'render', prompt }, RENDER_MS);
    if (answer.type !== 'rendered') throw wrongAnswer(answer);
    return answer.prompt;
  }

  /** The outcome comes also after `stop`, and soon then. */
  generate(
    request: GenerationRequest,
    stream: boolean,
  ): {
    readonly outcome: Promise<GenerationOutcome>;
    readonly stop: () => void;
    readonly onText: (listener: TextListener) => void;
  } {
    const id = this.#nextId;
    const outcome = this.#ask({ type: 'generate', request, stream }, undefined).then((answer) => {
      if (answer.type !== 'done') throw wrongAnswer(answer);
      return answer.outcome;
    });
    return {
      outcome,
      stop: () => {
        if (this.#pending.has(id)) this.#process.send({ type: 'stop', id });
      },
      onText: (listener) => {
        const pending = this.#pending.get(id);
        if (pending !== undefined) pending.onText = listener;
      },
    };
  }

  /** Ends the process at once; what is under way fails with the error. Idempotent. */
  end(error: Error): void {
    this.#end(error);
  }

  async #ask(request: object, timeoutMs: number | undefined): Promise<Answer> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#pending.set(id, {
      settle: resolve,
      fail: reject,
      onText: undefined,
      generating: timeoutMs === undefined,
    });
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(
            () => this.#end(`the inference process did not answer within ${timeoutMs / 1000} s`),
            timeoutMs,
          );
    this.#watch();
    this.#process.send({ ...request, id });
    try {
      const answer = await promise;
      if (answer.type === 'failed') throw errorOf(answer);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(message: ProcessMessage): void {
    this.#watch();
    switch (message.type) {
      case 'planned':
        this.#listeners.onPlan?.(message.estimate);
        return;
      case 'progress':
        this.#listeners.onProgress?.(message.fraction);
        return;
      case 'counters':
        this.#listeners.onCounters?.(message.counters);
        return;
      case 'text':
        for (const { id, text, tokens } of message.pieces) this.#pending.get(id)?.onText?.(text, tokens);
        return;
      default: {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        this.#watch();
        pending?.settle(message);
      }
    }
  }

  /** Starts the silence anew. Only replies in the making are heard of by themselves. */
  #watch(): void {
    clearTimeout(this.#silence);
    if (this.#ended !== undefined) return;
    if (![...this.#pending.values()].some((pending) => pending.generating)) return;
    this.#silence = setTimeout(
      () => this.#end(`the inference process was silent for ${SILENCE_MS / 1000} s`),
      SILENCE_MS,
    );
  }

  #end(cause: Error | string): void {
    if (this.#ended !== undefined) return;
    const error = typeof cause === 'string' ? new InferenceCrashedError(cause) : cause;
    this.#ended = error;
    clearTimeout(this.#silence);
    this.#process.kill();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { fail } of pending) fail(error);
    this.#listeners.onEnd?.(error);
  }
}

function errorOf({ failure, detail, estimate }: Extract<Answer, { type: 'failed' }>): Error {
  switch (failure) {
    case 'unavailable':
      return new InferenceUnavailableError(detail);
    case 'unreadable':
      return new ModelUnreadableError(detail);
    case 'too-large':
      return estimate === undefined
        ? new ModelUnreadableError(detail)
        : new ModelTooLargeError(detail, estimate);
    case 'invalid-request':
      return new InvalidRequestError(detail);
    case 'internal':
      return new GenerationFailedError(detail);
  }
}

const wrongAnswer = ({ type }: Answer): Error =>
  new InferenceCrashedError(`the inference process answered with something else: ${type}`);
