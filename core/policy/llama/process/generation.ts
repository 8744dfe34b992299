import {
  LlamaGrammarEvaluationState,
  type LlamaGrammar,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from 'node-llama-cpp';
import type { GenerationRequest, StopReason } from '../types.ts';
import type { GenerationOutcome } from '../protocol.ts';
import { RequestFailure } from './failures.ts';
import { ReplyText } from './reply-text.ts';
import type { Lane, Lanes } from './sequences.ts';

export interface GenerationComponents {
  readonly model: LlamaModel;
  readonly lanes: Lanes;
  readonly batchSize: number;
}

/** One reply in the making. */
export class Generation {
  readonly text: ReplyText;
  readonly #components: GenerationComponents;
  readonly #request: GenerationRequest;
  readonly #stop = new AbortController();

  constructor(components: GenerationComponents, request: GenerationRequest) {
    this.#components = components;
    this.#request = request;
    this.text = new ReplyText(components.model, request.stop ?? []);
  }

  /** Ends it at the next token, or between two parts of the prompt. */
  stop(): void {
    this.#stop.abort();
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** @throws RequestFailure where there is no lane: the parent sends no more requests than there are */
  async run(prompt: readonly Token[], grammar: LlamaGrammar | undefined): Promise<GenerationOutcome> {
    const { model, lanes } = this.#components;
    const written = model.detokenize(prompt, true);
    const lane = lanes.acquire(prompt);
    if (lane === undefined) throw new RequestFailure('internal', 'more requests than slots');
    try {
      // The last token is always evaluated: sampling starts from what the model says of it.
      const head = prompt.slice(0, -1);
      const began = performance.now();
      const fits = prompt.length < lane.sequence.contextSize;
      const evaluated = fits ? await this.#evaluate(lane, head) : 0;
      const generationBegan = performance.now();
      const ended = !fits
        ? 'prompt-too-long'
        : this.#stopped
          ? 'stopped'
          : await this.#generate(lane, prompt, grammar);
      const { text, stopped } = this.text.whole();
      return {
        text,
        stopReason: stopped ? 'stop-text' : ended,
        prompt: written,
        promptTokens: prompt.length,
        cachedTokens: fits ? Math.max(0, head.length - evaluated) : 0,
        generatedTokens: this.text.tokens.length,
        promptMilliseconds: generationBegan - began,
        generationMilliseconds: performance.now() - generationBegan,
      };
    } catch (error) {
      await lanes.renew(lane);
      throw error;
    } finally {
      lanes.release(lane);
    }
  }

  /** Evaluates what no lane holds of the tokens; in parts, so that it can be stopped. Returns how many were evaluated. */
  async #evaluate(lane: Lane, tokens: Token[]): Promise<number> {
    const { lanes, batchSize } = this.#components;
    const { sequence } = lane;
    const { promise: done, resolve } = Promise.withResolvers<undefined>();
    const before = sequence.tokenMeter.usedInputTokens;
    const adopted = lanes.adopt(lane, tokens, this.#stop.signal);
    lane.coming = { tokens, done };
    try {
      await adopted;
      while (sequence.nextTokenIndex < tokens.length && !this.#stopped) {
        const from = sequence.nextTokenIndex;
        await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(from, from + batchSize));
      }
      // Only models whose state cannot be cut back anywhere need it: others share this prompt later.
      await sequence.takeCheckpoint();
    } finally {
      lane.coming = undefined;
      resolve(undefined);
    }
    return sequence.tokenMeter.usedInputTokens - before;
  }

  async #generate(
    lane: Lane,
    prompt: readonly Token[],
    grammar: LlamaGrammar | undefined,
  ): Promise<StopReason> {
    const { sequence } = lane;
    const { maxTokens } = this.#request;
    const { tokens } = this.text;
    for await (const token of sequence.evaluate(prompt.slice(-1), this.#options(grammar))) {
      tokens.push(token);
      if (this.#stopped) return 'stopped';
      if (tokens.length >= maxTokens) return 'max-tokens';
      if (sequence.nextTokenIndex >= sequence.contextSize - 1) return 'context-full';
    }
    return 'end';
  }

  #options(grammar: LlamaGrammar | undefined): SequenceEvaluateOptions {
    const { sampling, seed } = this.#request;
    return {
      ...sampling,
      seed,
      ...(grammar === undefined
        ? {}
        : {
            grammarEvaluationState: new LlamaGrammarEvaluationState({
              model: this.#components.model,
              grammar,
            }),
          }),
      contextShift: {
        strategy: () => {
          throw new RequestFailure('internal', 'a generation ran past its context');
        },
      },
    };
  }
}
