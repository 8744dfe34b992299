import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Memory } from '../estimate.ts';

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

const answerSchema = z.object({
  gpu: z.union([z.string(), z.literal(false)]),
  total: z.number().nonnegative(),
  free: z.number().nonnegative(),
  unified: z.boolean(),
  devices: z.array(z.string().max(200)).max(64),
});

/** Runs `worker.ts` and returns its line; under Electron that is another's task, as it is no Node. */
export type AskCards = (signal: AbortSignal | undefined) => Promise<string>;

/** @param worker the file of `worker.ts` */
export const askCardsWithNode =
  (worker: string): AskCards =>
  async (signal) => {
    const { stdout } = await promisify(execFile)(process.execPath, [worker], {
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      ...(signal ? { signal } : {}),
    });
    return stdout;
  };

/**
 * What memory is free for models now. Cards are asked for in a process of their own: where that fails, because no
 * driver fits or it crashes, there is none to be used.
 * @throws the signal's reason once aborted
 */
export async function measureMemory(askCards: AskCards, signal?: AbortSignal): Promise<Memory> {
  const vram = await readCards(askCards, signal);
  // What the container has, where the program runs in one.
  const total = Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
  return { ram: { free: Math.min(total, process.availableMemory()), total }, vram };
}

async function readCards(askCards: AskCards, signal: AbortSignal | undefined): Promise<Memory['vram']> {
  try {
    const line = (await askCards(signal)).trim().split('\n').at(-1) ?? '';
    const { gpu, free, total, devices, unified } = answerSchema.parse(JSON.parse(line));
    return gpu === false || total === 0 ? undefined : { free, total, devices, unified };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
