import {
  createLlamaEngine,
  spawnInference,
  type EngineSettingsInput,
} from '../../../core/policy/llama/index.ts';
import type { GenerationRequest } from '../../../core/policy/llama/index.ts';
import { tinyGguf, type TinyModel } from '../../support/tiny-gguf.ts';

/** Sure enough of itself that adding numbers in another order, as a batch does, changes no token. */
export const SURE: Partial<TinyModel> = { sharpness: 12 };

/** Takes any token for almost as likely as any other: under a grammar, it tries everything. */
export const UNSURE: Partial<TinyModel> = { sharpness: 0.2 };

export type TestEngine = ReturnType<typeof testEngine>;

/** An engine on the tiny model, on one thread of the CPU. Dispose of it with `await using` or in `afterAll`. */
export function testEngine(settings: Partial<EngineSettingsInput> = {}) {
  return createLlamaEngine(
    { spawn: spawnInference },
    { modelPath: tinyGguf(SURE), gpu: 'cpu', contextSize: 512, slots: 4, threads: 1, ...settings },
  );
}

/** A request of many tokens, so that there is a middle of it. */
export function request(change: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    prompt: [{ role: 'user', content: 'Prove that 1 + 1 = 2.' }],
    sampling: { temperature: 1, topP: 0.95, minP: 0, topK: 0 },
    seed: 7,
    maxTokens: 32,
    ...change,
  };
}

/** Never ends by itself before the context is full. */
export const endless = (change: Partial<GenerationRequest> = {}): GenerationRequest =>
  request({ grammar: 'root ::= [a-z] root', maxTokens: 100_000, ...change });
