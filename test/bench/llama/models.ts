import {
  createLlamaEngine,
  samplingSchema,
  spawnInference,
  type EngineSettings,
} from '../../../core/policy/llama/index.ts';
import { HUNDRED_MB, TINY, tinyGguf } from '../../support/tiny-gguf.ts';

/** One core for llama.cpp, the other for Lean and everything else. */
export const THREADS = 1;
export const BATCH_SIZE = 512;
export const SAMPLING = samplingSchema.parse({});

export type Gpu = EngineSettings['gpu'];

export interface BenchModel {
  readonly name: string;
  readonly file: string;
  /** Of a reply, and of a shared prompt. */
  readonly tokens: number;
  readonly prefix: number;
}

export const MODELS: readonly BenchModel[] = [
  {
    name: 'tiny (0.5 MB)',
    file: tinyGguf({ ...TINY, endless: true, sharpness: 4 }),
    tokens: 200,
    prefix: 1024,
  },
  { name: '100 MB', file: tinyGguf({ ...HUNDRED_MB, endless: true, sharpness: 4 }), tokens: 24, prefix: 256 },
];

export function engineOn(
  modelPath: string,
  { gpu, slots, contextSize }: { readonly gpu: Gpu; readonly slots: number; readonly contextSize: number },
): ReturnType<typeof createLlamaEngine> {
  return createLlamaEngine(
    { spawn: spawnInference },
    { modelPath, gpu, contextSize, slots, threads: THREADS, batchSize: BATCH_SIZE },
  );
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
