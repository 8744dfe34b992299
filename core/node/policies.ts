import path from 'node:path';
import { ApiError, type DonationRules, type ModelChoice, type PolicyName } from '../api/index.ts';
import type { InferenceEvent } from '../policy/llama/index.ts';
import type { BudgetShare, LearningPolicy } from './prover.ts';
import { portfolio } from '../policy/portfolio/index.ts';
import {
  createLlamaEngine,
  LlamaPolicy,
  spawnInference,
  type InferenceEngine,
  type InferenceSpawner,
  type LlamaPolicyEvent,
} from '../policy/llama/index.ts';
import { learntShares, MixedPolicy, type MixedEvent } from '../policy/mixed/index.ts';
import { FAMILIES, type PromptFamily } from '../policy/prompt/index.ts';
import { errorInWords } from '../process/index.ts';
import { mixedStore } from './mixed-store.ts';
import { openModelLibrary } from './models.ts';
import type { Locations } from './locations.ts';

export interface PolicyShelfInit {
  readonly locations: Pick<Locations, 'data'>;
  /** The model that is chosen now. */
  readonly choice: () => ModelChoice | undefined;
  /** What the user lets it take, where the choice itself says nothing. */
  readonly limits?: () => Pick<DonationRules['limits'], 'vramBytes' | 'gpu'>;
  /** Lean processes at one time, which llama.cpp's threads leave cores to. */
  readonly leanJobs?: () => number;
  /** How the inference process is started; `child_process` unless set. */
  readonly spawn?: InferenceSpawner;
  /** GBNF that the model's replies are held to. */
  readonly grammar?: string;
  /** The model's loading and its figures; must not throw. */
  readonly onInference?: (event: InferenceEvent) => void;
  /** Each engine that is made; must not throw. */
  readonly onEngine?: (engine: InferenceEngine) => void;
  /** What is not as it should be, for the user; must not throw. */
  readonly onNotice?: (text: string) => void;
}

/** What a policy tells of its work on the statements of one holder. */
export type PolicyEvent = LlamaPolicyEvent | MixedEvent;

interface LoadedModel {
  /** The choice that it was loaded for. */
  readonly key: string;
  readonly engine: InferenceEngine;
  readonly family: PromptFamily | undefined;
  users: number;
}

/** A policy in use; a model stays loaded as long as anyone holds one of it. */
export interface HeldPolicy extends AsyncDisposable {
  readonly policy: LearningPolicy;
  /** Rollouts that it can use at one time. */
  readonly concurrency: number;
  /** Does ahead of need what takes time once: loads the model. */
  warmUp(signal?: AbortSignal): Promise<void>;
}

/** While Lean checks one reply, its slot generates another. */
const ROLLOUTS_PER_SLOT = 2;

/** Policies by name; the model's engine is shared by all who use it and replaced once another model is chosen. */
export class PolicyShelf {
  readonly #init: PolicyShelfInit;
  #loaded: LoadedModel | undefined;
  /** What was learnt could not be read, and that was told. */
  #unreadable = false;

  constructor(init: PolicyShelfInit) {
    this.#init = init;
  }

  /** Why a policy cannot be had now; undefined where it can. */
  missing(name: PolicyName): string | undefined {
    if (name === 'portfolio') return undefined;
    return this.#init.choice() === undefined ? 'no model is chosen' : undefined;
  }

  /**
   * @param onEvent must not throw
   * @throws ApiError where the policy cannot be had; UnknownModelError where the chosen model is gone
   */
  async hold(name: PolicyName, onEvent?: (event: PolicyEvent) => void): Promise<HeldPolicy> {
    const missing = this.missing(name);
    if (missing !== undefined) throw new ApiError('unsupported', missing);
    if (name === 'portfolio') {
      return {
        policy: portfolio(),
        concurrency: 1,
        warmUp: () => Promise.resolve(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    }
    const loaded = await this.#load();
    const { engine } = loaded;
    loaded.users++;
    const model = this.#model(loaded, onEvent);
    return {
      policy: name === 'mixed' ? await this.#mixed(model, onEvent) : model,
      concurrency: ROLLOUTS_PER_SLOT * engine.slots,
      warmUp: async (signal) => {
        await engine.load(signal ? { signal } : {});
      },
      [Symbol.asyncDispose]: async () => {
        loaded.users--;
        if (loaded.users === 0 && loaded !== this.#loaded) await engine[Symbol.asyncDispose]();
      },
    };
  }

  /** What the mixed policy has learnt so far of the model that is chosen now; nothing where there is none. Never rejects. */
  async learnt(): Promise<readonly BudgetShare[]> {
    const { locations, choice, onNotice } = this.#init;
    const model = choice()?.model;
    if (model === undefined) return [];
    try {
      return await learntShares(mixedStore(locations.data), model);
    } catch (error) {
      // It stays as it is until the policy is used, and is asked for with every change of settings.
      if (!this.#unreadable) onNotice?.(errorInWords(error));
      this.#unreadable = true;
      return [];
    }
  }

  #model({ engine, family }: LoadedModel, onEvent: ((event: PolicyEvent) => void) | undefined): LlamaPolicy {
    const { grammar } = this.#init;
    return new LlamaPolicy(
      { engine, ...(family === undefined ? {} : { family }), ...(onEvent === undefined ? {} : { onEvent }) },
      grammar === undefined ? {} : { grammar },
    );
  }

  #mixed(
    model: LlamaPolicy,
    onPolicyEvent: ((event: PolicyEvent) => void) | undefined,
  ): Promise<MixedPolicy> {
    const { locations, choice, onNotice } = this.#init;
    const modelId = choice()?.model;
    const failures = new Set<string>();
    return MixedPolicy.open(
      {
        quick: portfolio(),
        model,
        store: mixedStore(locations.data),
        onEvent: (event) => {
          if (event.type === 'mixed:state-unreadable') onNotice?.(event.detail);
          if (event.type === 'mixed:state-unsaved') onNotice?.(String(event.error));
          if (event.type === 'mixed:model-failed') {
            const { name } = event.error instanceof Error ? event.error : new Error();
            // Every rollout that comes upon it says so.
            if (!failures.has(name))
              onNotice?.(`the portfolio goes on without the model: ${String(event.error)}`);
            failures.add(name);
          }
          onPolicyEvent?.(event);
        },
      },
      modelId === undefined ? {} : { modelId },
    );
  }

  async dispose(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    await loaded?.engine[Symbol.asyncDispose]();
  }

  async #load(): Promise<LoadedModel> {
    const choice = this.#init.choice();
    if (choice === undefined) throw new ApiError('unsupported', 'no model is chosen');
    const limits = this.#init.limits?.() ?? { gpu: 'auto' as const };
    const leanJobs = this.#init.leanJobs?.();
    const key = JSON.stringify([choice, limits, leanJobs]);
    if (this.#loaded?.key === key) return this.#loaded;
    const modelPath = await this.#pathOf(choice.model);
    // Two may have come here at one time.
    if (this.#loaded?.key === key) return this.#loaded;
    const replaced = this.#loaded;
    const engine = createLlamaEngine(
      { spawn: this.#init.spawn ?? spawnInference },
      {
        modelPath,
        // Whoever lends no card does not mean to lend it to the model that was chosen before.
        gpu: limits.gpu === 'cpu' ? 'cpu' : (choice.gpu ?? limits.gpu),
        // One more for the rest of the machine.
        ...(leanJobs === undefined ? {} : { reservedCores: leanJobs + 1 }),
        ...(limits.vramBytes === undefined ? {} : { vramLimit: limits.vramBytes }),
        ...(choice.gpuLayers === undefined ? {} : { gpuLayers: choice.gpuLayers }),
        ...(choice.contextSize === undefined ? {} : { contextSize: choice.contextSize }),
        ...(choice.slots === undefined ? {} : { slots: choice.slots }),
        ...(choice.threads === undefined ? {} : { threads: choice.threads }),
      },
    );
    const family = FAMILIES.find(({ name }) => name === choice.promptFamily);
    if (this.#init.onInference !== undefined) engine.subscribe(this.#init.onInference);
    this.#init.onEngine?.(engine);
    this.#loaded = { key, engine, family, users: 0 };
    if (replaced?.users === 0) await replaced.engine[Symbol.asyncDispose]();
    return this.#loaded;
  }

  async #pathOf(reference: string): Promise<string> {
    if (path.isAbsolute(reference)) return reference;
    const resolved = await (await openModelLibrary(this.#init.locations)).resolve(reference);
    if (resolved.kind === 'installed') return resolved.model.path;
    if (resolved.kind === 'file') return resolved.path;
    throw new ApiError(
      'not-found',
      `the chosen model ${reference} is not on this machine; download it first`,
    );
  }
}
