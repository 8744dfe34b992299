import type { Sampling } from './settings.ts';

/** One turn of a chat; `content` is tokenized as plain text, so that nobody's text can pose as a special token. */
export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface GenerationRequest {
  /** A chat, which the model's own template renders; or a text as it is. */
  readonly prompt: readonly ChatTurn[] | string;
  readonly sampling: Sampling;
  /** 32 bits. Rounding depends on what else is in the batch, so the same seed gives the same reply only in the same company. */
  readonly seed: number;
  /** Tokens of the reply. */
  readonly maxTokens: number;
  /** Texts that end the reply; they are not part of it. */
  readonly stop?: readonly string[] | undefined;
  /** GBNF that the reply is held to. */
  readonly grammar?: string | undefined;
}

export type StopReason =
  /** The model, or the grammar, ended it. */
  | 'end'
  /** One of the request's stop texts. */
  | 'stop-text'
  | 'max-tokens'
  /** The context is full. */
  | 'context-full'
  /** Nothing was generated: the prompt leaves no room for a reply. */
  | 'prompt-too-long'
  /** The caller's `onText` asked for it. */
  | 'stopped';

export interface GenerationResult {
  readonly text: string;
  readonly stopReason: StopReason;
  /** The prompt as the model saw it, special tokens written out. */
  readonly prompt: string;
  readonly promptTokens: number;
  /** Prompt tokens whose state was there already, in this slot or copied from another. */
  readonly cachedTokens: number;
  readonly generatedTokens: number;
  /** Wall-clock times: waiting for a slot, evaluating the prompt, generating. */
  readonly milliseconds: { readonly queued: number; readonly prompt: number; readonly generation: number };
}

export interface GenerateOptions {
  readonly signal?: AbortSignal;
  /** Requests of different groups (statements, say) take turns for slots. */
  readonly group?: string;
  /**
   * Hears the reply piece by piece, some 50 times a second at most, and how many tokens it has by then; returning `stop`
   * ends it there.
   */
  readonly onText?: (piece: string, tokens: number) => 'stop' | undefined;
}

/** A prompt as the model's template renders it. */
export interface RenderedPrompt {
  readonly text: string;
  readonly tokens: number;
  /** The template has opened the thinking text already. */
  readonly startsInThinking: boolean;
}

/** What a loaded model is and where it runs. */
export interface ModelState {
  readonly name?: string | undefined;
  readonly architecture?: string | undefined;
  readonly basename?: string | undefined;
  readonly organization?: string | undefined;
  readonly baseModels: readonly string[];
  readonly fileName: string;
  /** The model's own chat template, or one guessed from its name where it has none. */
  readonly template: 'own' | 'guessed';
  readonly contextSize: number;
  readonly trainContextSize: number;
  readonly slots: number;
  readonly gpu: 'cuda' | 'metal' | 'vulkan' | 'cpu';
  readonly devices: readonly string[];
  readonly gpuLayers: number;
  readonly layers: number;
  readonly threads: number;
  /** Bytes, model and context together. */
  readonly vramBytes: number;
  readonly ramBytes: number;
}

/** What loading a model would take, in bytes, before it is loaded. */
export interface MemoryEstimate {
  readonly fits: boolean;
  readonly gpu: ModelState['gpu'];
  readonly gpuLayers: number;
  readonly layers: number;
  readonly contextSize: number;
  readonly slots: number;
  readonly vram: { readonly needed: number; readonly free: number; readonly total: number };
  readonly ram: { readonly needed: number; readonly free: number; readonly total: number };
  /** What would make it fit, the mildest first; empty where it fits or nothing would. */
  readonly suggestions: readonly MemorySuggestion[];
}

export type MemorySuggestion =
  | { readonly kind: 'context-size'; readonly contextSize: number }
  | { readonly kind: 'slots'; readonly slots: number }
  | { readonly kind: 'gpu-layers'; readonly gpuLayers: number }
  /** No setting helps: a quantisation, or a model, whose file has at most so many bytes may. */
  | { readonly kind: 'smaller-file'; readonly bytes: number };

/** Counted since the engine was made. */
export interface InferenceTotals {
  readonly requests: number;
  /** Of replies that have ended. */
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly generatedTokens: number;
  /** Time in which at least one slot was busy. */
  readonly busyMs: number;
  /** Time in which no slot was busy while replies were being judged: the model idled because of Lean. */
  readonly waitingForLeanMs: number;
}

export type InferenceEvent =
  | { readonly type: 'inference:estimated'; readonly estimate: MemoryEstimate }
  /** From 0 to 1, some ten times a second at most. */
  | { readonly type: 'inference:loading'; readonly fraction: number }
  | { readonly type: 'inference:ready'; readonly model: ModelState; readonly seconds: number }
  /** Once a second while there is work, and once after. */
  | {
      readonly type: 'inference:stats';
      readonly slots: { readonly total: number; readonly busy: number; readonly queued: number };
      /** Over the time since the last stats, all slots together; cached tokens not counted. */
      readonly promptTokensPerSecond: number;
      readonly generatedTokensPerSecond: number;
      /** Replies that are being judged. */
      readonly judging: number;
      readonly vram: { readonly used: number; readonly total: number };
      readonly totals: InferenceTotals;
    }
  | { readonly type: 'inference:unloaded'; readonly reason: 'idle' | 'asked' }
  /** The process ended by itself; the next request starts another. */
  | { readonly type: 'inference:crashed'; readonly detail: string };

/** A language model behind a queue of slots. */
export interface InferenceEngine {
  /** Undefined while no model is loaded. */
  readonly model: ModelState | undefined;
  readonly slots: number;
  readonly totals: InferenceTotals;
  /**
   * Loads the model ahead of need; what others load meanwhile is the same load.
   * @throws the errors of `errors.ts`, or the signal's reason
   */
  load(options?: { readonly signal?: AbortSignal }): Promise<ModelState>;
  /** Looks at the file and the machine; loads nothing. */
  estimate(options?: { readonly signal?: AbortSignal }): Promise<MemoryEstimate>;
  /** Loads the model if need be. */
  render(
    prompt: GenerationRequest['prompt'],
    options?: { readonly signal?: AbortSignal },
  ): Promise<RenderedPrompt>;
  /**
   * Generates one reply, waiting for a slot; loads the model if need be.
   * @throws the errors of `errors.ts`, or at once the signal's reason; its slot is free when the token, or the part of the
   * prompt, that is being evaluated is done
   */
  generate(request: GenerationRequest, options?: GenerateOptions): Promise<GenerationResult>;
  /** Notes that a reply is being judged, until the returned function is called; tells idling for Lean from idling. */
  judging(): () => void;
  /** Frees the model's memory; requests under way fail. A process that crashed too often may be started again. */
  unload(): Promise<void>;
  subscribe(listener: (event: InferenceEvent) => void): () => void;
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
