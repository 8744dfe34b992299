import { z } from 'zod';
import type { Proposal, RoundState } from '../../record/index.ts';
import {
  buildPrompt,
  chooseFamily,
  PromptTooLongError,
  type Dropped,
  type Prompt,
  type PromptFamily,
} from '../prompt/index.ts';
import { grammarFor, ReplyMonitor, type MonitorStop } from '../replies/index.ts';
import { InferenceCrashedError } from './errors.ts';
import { descriptionOf, proposalOf, seedOf } from './proposal.ts';
import { samplingSchema } from './settings.ts';
import type { GenerationResult, InferenceEngine, ModelState } from './types.ts';

export const policySettingsSchema = z.strictObject({
  sampling: samplingSchema.prefault({}),
  /** Tokens of a reply, thinking included; OProver's take 20,000 to 32,000. The context's end is a limit too. */
  maxTokens: z.int().min(1).max(1_000_000).default(32_768),
  /** The prompt may take so much of the context, so that a reply has room. */
  promptShare: z.number().gt(0).lt(1).default(0.5),
  /** Texts that end a reply, beside what the model itself ends it with. */
  stop: z.array(z.string().min(1).max(1_000)).max(64).default([]),
  /** GBNF that replies are held to, made to fit each statement by `grammarFor`, e.g. tactics only, for models too small to keep to Lean by themselves. */
  grammar: z.string().min(1).max(1_000_000).optional(),
  /** Replies differ between runs of different seeds, and are the same again in a run of the same. */
  seed: z.int().min(0).max(0xffff_ffff).default(0),
});
export type PolicySettings = Readonly<z.infer<typeof policySettingsSchema>>;
export type PolicySettingsInput = z.input<typeof policySettingsSchema>;

export type LlamaPolicyEvent =
  | {
      readonly type: 'llama:prompted';
      readonly rollout: number;
      readonly round: number;
      readonly tokens: number;
      readonly dropped: readonly Dropped[];
    }
  /** Not even the bare statement fits; the rollout ends. */
  | {
      readonly type: 'llama:prompt-too-long';
      readonly rollout: number;
      readonly round: number;
      readonly detail: string;
    }
  /** The reply grows: what was added, and its tokens by now. Some 50 times a second at most. */
  | {
      readonly type: 'llama:writing';
      readonly rollout: number;
      readonly round: number;
      readonly piece: string;
      readonly tokens: number;
    }
  | {
      readonly type: 'llama:replied';
      readonly rollout: number;
      readonly round: number;
      readonly result: GenerationResult;
      readonly stopped?: MonitorStop['kind'];
    };

export interface LlamaPolicyComponents {
  readonly engine: InferenceEngine;
  /** Chosen by the model's own names where left out. */
  readonly family?: PromptFamily;
  /** Must not throw. */
  readonly onEvent?: (event: LlamaPolicyEvent) => void;
}

interface AbortOptions {
  readonly signal: AbortSignal;
}

/** A language model as a ProofPolicy: one reply a round, in the prompt format that the model was trained for. */
export class LlamaPolicy {
  readonly name = 'llama';
  readonly #components: LlamaPolicyComponents;
  readonly #settings: PolicySettings;

  /** @throws ZodError where a setting is out of range */
  constructor(components: LlamaPolicyComponents, settings: PolicySettingsInput = {}) {
    this.#components = components;
    this.#settings = policySettingsSchema.parse(settings);
  }

  /** @throws the engine's errors, and the signal's reason */
  async *propose(state: RoundState, { signal }: AbortOptions): AsyncGenerator<Proposal, void, undefined> {
    const { engine } = this.#components;
    const turn = (): Promise<Proposal | undefined> => this.#turn(state, signal);
    const proposal = await turn().catch((error: unknown) => {
      // The engine has said so, and starts another process: a crash costs a reply, not the statement.
      if (error instanceof InferenceCrashedError) return turn();
      throw error;
    });
    if (proposal === undefined) return;
    // The loop asks for the next candidate, or ends the round, once this one is judged.
    const judged = engine.judging();
    try {
      yield proposal;
    } finally {
      judged();
    }
  }

  /** One question and its reply; undefined where the statement does not fit the context. */
  async #turn(state: RoundState, signal: AbortSignal): Promise<Proposal | undefined> {
    const { engine, family, onEvent } = this.#components;
    const { rollout, round } = state;
    const model = await engine.load({ signal });
    let prompt: Prompt;
    try {
      prompt = await this.#prompt(state, family ?? chooseFamily(descriptionOf(model)), model, signal);
    } catch (error) {
      if (!(error instanceof PromptTooLongError)) throw error;
      onEvent?.({ type: 'llama:prompt-too-long', rollout, round, detail: error.message });
      return undefined;
    }
    const { tokens, dropped } = prompt;
    onEvent?.({ type: 'llama:prompted', rollout, round, tokens, dropped });
    const rendered = await engine.render(prompt.messages, { signal });
    // A grammar leaves no room for thinking, whatever the template has opened.
    const startsInThinking = rendered.startsInThinking && this.#settings.grammar === undefined;
    const seed = seedOf(this.#settings.seed, state);
    const { result, stop } = await this.#reply(state, prompt, seed, { startsInThinking, signal });
    const stopped = stop === undefined ? {} : { stopped: stop.kind };
    onEvent?.({ type: 'llama:replied', rollout, round, result, ...stopped });
    return proposalOf(state, result, { model, prompt, seed, stop, startsInThinking });
  }

  #prompt(state: RoundState, family: PromptFamily, model: ModelState, signal: AbortSignal): Promise<Prompt> {
    const { engine } = this.#components;
    const { maxTokens, promptShare } = this.#settings;
    const { contextSize } = model;
    return buildPrompt({
      family,
      state,
      // A short reply leaves the prompt more than its share.
      budget: Math.max(contextSize - maxTokens, Math.floor(contextSize * promptShare)),
      countTokens: async (messages) => (await engine.render(messages, { signal })).tokens,
      signal,
    });
  }

  async #reply(
    state: RoundState,
    prompt: Prompt,
    seed: number,
    { startsInThinking, signal }: { readonly startsInThinking: boolean; readonly signal: AbortSignal },
  ): Promise<{ result: GenerationResult; stop: MonitorStop | undefined }> {
    const { sampling, maxTokens, stop: stopTexts } = this.#settings;
    const form = this.#settings.grammar;
    const grammar = form === undefined ? undefined : grammarFor(form, state.statement);
    const monitor = new ReplyMonitor({ target: state.statement.name, startsInThinking });
    let stop: MonitorStop | undefined;
    const result = await this.#components.engine.generate(
      { prompt: prompt.messages, sampling, seed, maxTokens, stop: stopTexts, grammar },
      {
        signal,
        group: state.statement.id,
        onText: (piece, tokens) => {
          const { rollout, round } = state;
          this.#components.onEvent?.({ type: 'llama:writing', rollout, round, piece, tokens });
          stop = monitor.push(piece);
          return stop === undefined ? undefined : 'stop';
        },
      },
    );
    return { result, stop };
  }
}
