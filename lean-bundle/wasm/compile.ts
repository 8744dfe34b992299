import { existsSync } from 'node:fs';
import { trainedSchema } from '../../core/lean/protocol/index.ts';
import { addFile } from './add-file.ts';
import { ImageWriter } from './image-writer.ts';
import { encodeMachineCode, machineCodeFile } from './machine-code.ts';
import { imageFile, readImageHeader } from './memory-image.ts';
import type { PreparedLean, PrepareProgress } from './prepare.ts';

/** What is used of a worker process; however the host starts one. */
export interface TrainingProcess {
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null, signal: string | null, stderrTail: string) => void): void;
  kill(): void;
}

export interface CompileOptions {
  /** Starts a worker process that trains, with the settings that it is to get as its first argument. */
  readonly start: (settings: string) => TrainingProcess;
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/** Far above what it takes on a slow machine; a process that hangs must not keep Lean from being used. */
const TIMEOUT_MS = 120_000;
const MEMORY_LIMIT_BYTES = 2.2e9;

/**
 * Compiles Lean well for this processor, takes the image of its memory once it has started, and keeps both beside the prepared
 * files, in some seconds, once; at once where that was done before. Every Lean process then starts with the machine code that would
 * take it a minute to come to, and without running Lean's initialisers.
 * Where it cannot be done Lean works as well, only slower at first, so nothing is thrown for that.
 * @throws the signal's reason where it is aborted
 */
export async function compileLean(prepared: PreparedLean, options: CompileOptions): Promise<void> {
  const { directory } = prepared;
  const { signal, onProgress = () => {} } = options;
  const codeFile = machineCodeFile(directory);
  if (existsSync(codeFile) && readImageHeader(imageFile(directory)) !== undefined) return;
  const step = 'compiling Lean for this processor, once';
  onProgress({ step, fraction: 0 });
  await using image = new ImageWriter(prepared);
  const code = await train(directory, image, options, (fraction) => onProgress({ step, fraction }));
  signal?.throwIfAborted();
  await image.finished();
  if (code !== undefined) await addFile(prepared, codeFile, encodeMachineCode(code)).catch(() => {});
}

/** The code, empty where this V8 has no way to keep it; undefined where the process did not come to its end. */
async function train(
  directory: string,
  image: ImageWriter,
  { start, signal }: CompileOptions,
  onProgress: (fraction: number) => void,
): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  const settings = { directory, imports: ['Init'], memoryLimitBytes: MEMORY_LIMIT_BYTES, train: true };
  const child = start(JSON.stringify(settings));
  const giveUp = (): void => resolve(undefined);
  const timer = setTimeout(giveUp, TIMEOUT_MS);
  signal?.addEventListener('abort', giveUp, { once: true });
  child.onExit(giveUp);
  child.onMessage((message) => {
    const { data } = trainedSchema.safeParse(message);
    switch (data?.type) {
      case 'image-part':
        image.add(data);
        break;
      case 'image':
        image.finish(data.header);
        break;
      case 'training':
        onProgress(data.fraction);
        break;
      case 'trained':
        resolve(data.code);
        break;
      case undefined:
    }
  });
  if (signal?.aborted === true) giveUp();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    child.kill();
  }
}
