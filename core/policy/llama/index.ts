/**
 * Any GGUF model as a ProofPolicy, through node-llama-cpp in a process of its own.
 *
 *     await using engine = createLlamaEngine({ spawn: spawnInference }, { modelPath, slots: 16 });
 *     engine.subscribe((event) => console.log(event.type));
 *     const policy = new LlamaPolicy({ engine }, { maxTokens: 4096 });
 *     await prove(statement, { policy, checker }, { rollouts: 32, concurrency: 2 * engine.slots });
 *
 * With twice as many rollouts at a time as there are slots, a slot goes to another rollout while Lean checks, and neither
 * waits for the other. `spawnInference` is for Node; Electron gives a spawner made of `utilityProcess`.
 */
import { LlamaEngine } from './engine.ts';
import type { EngineSettingsInput } from './settings.ts';
import type { InferenceSpawner } from './spawner.ts';
import type { InferenceEngine } from './types.ts';

export * from './errors.ts';
export {
  LlamaPolicy,
  policySettingsSchema,
  type LlamaPolicyComponents,
  type LlamaPolicyEvent,
  type PolicySettings,
  type PolicySettingsInput,
} from './policy.ts';
export {
  engineSettingsSchema,
  samplingSchema,
  type EngineSettings,
  type EngineSettingsInput,
  type Sampling,
} from './settings.ts';
export type * from './types.ts';
export {
  spawnInference,
  type InferenceProcess,
  type InferenceSpawner,
  type SpawnRequest,
} from './spawner.ts';
export { chooseThreads } from './threads.ts';

/**
 * Makes an engine; nothing is started before the first need.
 * @throws ZodError where a setting is out of range
 */
export function createLlamaEngine(
  components: { readonly spawn: InferenceSpawner },
  settings: EngineSettingsInput,
): InferenceEngine & { readonly pid: number | undefined } {
  return new LlamaEngine(components, settings);
}
