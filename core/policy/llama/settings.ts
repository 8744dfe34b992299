import { z } from 'zod';

/** How and where a model runs. */
export const engineSettingsSchema = z.strictObject({
  /** A GGUF file; of a split model, its first part. */
  modelPath: z.string().min(1),
  /** `auto`: the best that works here. `cpu` (the disabled GPU): no GPU is touched, not even to look. */
  gpu: z.enum(['auto', 'cuda', 'metal', 'vulkan', 'cpu']).default('auto'),
  /** Indices of the GPUs that may be used, as CUDA or Vulkan counts them; all where left out. */
  devices: z.array(z.int().min(0).max(255)).max(64).optional(),
  /** Layers kept on the GPU; `auto`: as many as fit beside the context. */
  gpuLayers: z.union([z.literal('auto'), z.int().min(0).max(10_000)]).default('auto'),
  /**
   * Tokens of one rollout, prompt and reply together, at most as many as the model was trained on; `auto`: as many as fit,
   * up to 40,960, since OProver's replies take 20,000 to 32,000.
   */
  contextSize: z.union([z.literal('auto'), z.int().min(256).max(1_048_576)]).default('auto'),
  /** Rollouts generated at one time, each with a context of its own in the one batch. */
  slots: z.int().min(1).max(256).default(4),
  /** Tokens evaluated at one time. */
  batchSize: z.int().min(32).max(8_192).default(512),
  /** CPU threads; `auto` is `chooseThreads`. */
  threads: z.union([z.literal('auto'), z.int().min(1).max(1_024)]).default('auto'),
  /** Cores that `auto` leaves to Lean and the rest of the machine; a quarter of them, at least one, where left out. */
  reservedCores: z.int().min(0).max(1_024).optional(),
  /** Bytes that model and context may take, of what is free. */
  vramLimit: z.number().min(0).optional(),
  ramLimit: z.number().min(0).optional(),
  /** What is never filled, in bytes: the estimate is not exact, and the machine has other work. */
  vramMargin: z
    .number()
    .min(0)
    .default(512 * 1024 ** 2),
  ramMargin: z
    .number()
    .min(0)
    .default(1024 ** 3),
  /** The model is unloaded after so long without a request. */
  idleMs: z
    .number()
    .min(0)
    .max(2 ** 31 - 1)
    .default(300_000),
  /** After several crashes in a row the process is started again once so long has passed: memory may be free then. */
  crashRestMs: z
    .number()
    .min(0)
    .max(2 ** 31 - 1)
    .default(120_000),
  /** A model that is not loaded after so long is given up. */
  loadTimeoutMs: z
    .number()
    .positive()
    .max(2 ** 31 - 1)
    .default(600_000),
});
export type EngineSettings = Readonly<z.infer<typeof engineSettingsSchema>>;
export type EngineSettingsInput = z.input<typeof engineSettingsSchema>;

/** How replies are drawn. Defaults: temperature as OProver publishes it, top-p as Goedel-Prover-V2 does. */
export const samplingSchema = z.strictObject({
  /** 0 is greedy. */
  temperature: z.number().min(0).max(10).default(1),
  topP: z.number().gt(0).max(1).default(0.95),
  /** 0 is off. */
  minP: z.number().min(0).max(1).default(0),
  /** 0 is off. */
  topK: z.int().min(0).max(1_000_000).default(0),
});
export type Sampling = Readonly<z.infer<typeof samplingSchema>>;
