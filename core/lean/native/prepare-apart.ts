import { Worker } from 'node:worker_threads';
import type { WorkerReply } from '../worker.ts';
import type { PreparedReplay, Rejection, ReplayRequest } from './prepare.ts';

/** The largest export there may be needs a third of it. */
const HEAP_MB = 1536;

export interface PrepareOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** With how long it took, so that what comes next has the rest of the time. */
type TimedReplay = PreparedReplay & { readonly milliseconds: number };

/** Why there is neither a replay nor a rejection. */
type Unprepared = Extract<WorkerReply, { kind: 'exhausted' | 'crashed' }>;

/**
 * Does what `prepareReplay` does in a thread that ends with it: what a stranger has sent can take seconds to compare, in which
 * this process does other things, and no longer than it is given.
 * @throws the signal's reason where it is aborted
 */
export async function prepareApart(
  { statement, submission, challenge }: ReplayRequest,
  { timeoutMs, signal }: PrepareOptions,
): Promise<Rejection | TimedReplay | Unprepared> {
  signal?.throwIfAborted();
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Rejection | PreparedReplay | Unprepared>();
  const thread = new Worker(new URL('./prepare-thread.ts', import.meta.url), {
    name: 'prepare',
    execArgv: [],
    workerData: {
      statement,
      submission,
      ...(challenge === undefined ? {} : { challenge }),
    } satisfies ReplayRequest,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  thread.once('message', resolve);
  thread.once('error', (error: Error & { code?: string }) =>
    resolve(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? { kind: 'exhausted', resource: 'memory', detail: `comparing took more than ${HEAP_MB} MB` }
        : { kind: 'crashed', detail: `the exports could not be compared: ${error.message}` },
    ),
  );
  thread.once('exit', (code) =>
    resolve({ kind: 'crashed', detail: `the thread that compares ended with code ${code}` }),
  );
  const limit = setTimeout(
    () =>
      resolve({
        kind: 'exhausted',
        resource: 'time',
        detail: `comparing took longer than ${timeoutMs / 1000} s`,
      }),
    timeoutMs,
  );
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const result = await promise;
    return result.kind === 'prepared' ? { ...result, milliseconds: performance.now() - started } : result;
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', abort);
    await thread.terminate();
  }
}
