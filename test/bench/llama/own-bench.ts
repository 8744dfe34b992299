import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { BATCH_SIZE, THREADS, type BenchModel, type Gpu } from './models.ts';

const run = promisify(execFile);
const LIMIT_MS = 120_000;
const REPEATS = 5;
/** All, where there is a GPU. */
const GPU_LAYERS = 999;

const benchSchema = z.array(z.object({ avg_ts: z.number(), build_number: z.number() })).length(1);
const batchedSchema = z.object({ pl: z.int(), speed_tg: z.number() });

export interface OwnBench {
  /** Tokens a second by rollouts; those that the installed programs can measure. */
  readonly rates: ReadonlyMap<number, number>;
  /** For the reader: what ran, or what is not installed. */
  readonly notes: readonly string[];
}

/**
 * llama.cpp's own programs of the PATH on the same file, with the same threads, batch and number of tokens: `llama-bench` for
 * one sequence, `llama-batched-bench` for several (Debian: `llama.cpp-tools`, `llama.cpp-tools-extra`). Both evaluate tokens
 * that they make up and draw none, so that this is the most that there could be, by another build of llama.cpp than ours.
 * @throws where a program is there and fails
 */
export async function ownBench(
  { file, tokens }: BenchModel,
  rollouts: readonly number[],
  { gpu, contextSize }: { readonly gpu: Gpu; readonly contextSize: number },
): Promise<OwnBench> {
  const rates = new Map<number, number>();
  const notes: string[] = [];
  const layers = gpu === 'cpu' ? 0 : GPU_LAYERS;
  const common = ['-m', file, ...words(`-t ${THREADS} -b ${BATCH_SIZE} -ub ${BATCH_SIZE} -ngl ${layers}`)];

  const one = words(`-p 0 -n ${tokens} -r ${REPEATS} -o json`);
  const single = await outputOf('llama-bench', [...common, ...one]);
  if (single === undefined) notes.push('llama-bench is not installed');
  else {
    const [result] = benchSchema.parse(JSON.parse(single));
    if (result !== undefined && rollouts.includes(1)) rates.set(1, result.avg_ts);
    notes.push(`llama-bench of llama.cpp's build ${result?.build_number}`);
  }

  // What it prints last is lost now and then as it ends: one sequence, which is known already.
  const several = [...rollouts.filter((count) => count > 1), 1];
  const cells = contextSize * Math.max(...several);
  const many = words(
    `-c ${cells} -no-kvu -npp 1 -ntg ${tokens} -npl ${several.join(',')} --output-format jsonl`,
  );
  const batched = await outputOf('llama-batched-bench', [...common, ...many]);
  if (batched === undefined) notes.push('llama-batched-bench is not installed');
  else {
    for (const line of batched.split('\n').filter((text) => text.startsWith('{'))) {
      const { pl, speed_tg } = batchedSchema.parse(JSON.parse(line));
      if (pl > 1) rates.set(pl, speed_tg);
    }
  }
  return { rates, notes };
}

const words = (text: string): string[] => text.split(' ');

/** Undefined where no such program is installed. */
async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(program, args, { timeout: LIMIT_MS, maxBuffer: 2 ** 24 })).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
