/**
 * The process that hosts the embedded Lean. It is told where the prepared files are, loads the libraries, says that it is
 * ready, and answers one request after another over its parent's channel. One that was started to train sends the image of its
 * memory instead, where none is kept yet, practises, and sends the machine code that came of it.
 */
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { MEMORY_NOTICE } from '../../core/lean/protocol/constants.ts';
import type { RequestMessage, TrainedMessage, WorkerMessage } from '../../core/lean/protocol/index.ts';
import { judge } from './judge.ts';
import { machineCodeOf } from './machine-code.ts';
import { takeImage } from './memory-image.ts';
import { hasModules } from './module-list.ts';
import { UnknownModuleError } from './session.ts';
import { startSession } from './start-session.ts';
import { practise, type PracticeLimits } from './training.ts';
import type { WatchdogSettings } from './watchdog.ts';

/** Ordinary checks stay far below; a fault above this is put down to memory. The module's own limit is 2 GB. */
const LARGE_WASM_BYTES = 1e9;
/**
 * Enough for all of it on most machines; what a slow one has learnt by then is most of what counts. In processor time first, as
 * a machine may be busy on the one day on which it learns what is kept for good; and before its parent gives it up.
 */
const TRAINING: PracticeLimits = { processorMs: 45_000, elapsedMs: 90_000 };

const settings = z
  .object({
    directory: z.string(),
    imports: z.array(z.string()),
    memoryLimitBytes: z.number(),
    train: z.boolean().default(false),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

new Worker(new URL('./watchdog.ts', import.meta.url), {
  workerData: {
    limitBytes: settings.memoryLimitBytes,
    parent: process.ppid,
    notice: MEMORY_NOTICE,
  } satisfies WatchdogSettings,
  resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
}).unref();

const { session, runtime, restored } = await startSession(settings, settings);
const { ref: environment } = session.environment(settings.imports);
runtime.stack.check();

const health = (): { residentBytes: number; wasmBytes: number } => ({
  residentBytes: process.memoryUsage.rss(),
  wasmBytes: session.objects.memoryBytes,
});

function answer(request: RequestMessage): unknown {
  switch (request.op) {
    case 'elaborate':
      return session.elaborate(request);
    case 'judge':
      return judge(session, request);
    case 'open':
      session.environment(request.imports);
      return {};
  }
}

function send(message: WorkerMessage | TrainedMessage, done: () => void = () => {}): void {
  // Where the parent is gone there is no one to tell; the watchdog ends this process.
  process.send?.(message, undefined, {}, done);
}

process.on('message', (request: RequestMessage) => {
  const { id } = request;
  try {
    const result = answer(request);
    runtime.stack.check();
    send({ type: 'result', id, result, health: health() });
  } catch (error) {
    const detail = describe(error).slice(0, 2000);
    // A library that cannot be read is this machine's fault, not the source's.
    if (
      error instanceof UnknownModuleError &&
      runtime.stack.isWhole &&
      !hasModules(settings.directory, request.imports)
    ) {
      send({ type: 'refused', id, reason: 'unknown-module', detail, health: health() });
      return;
    }
    // A trap leaves Lean's memory in an unknown state: nothing more may be asked of this process.
    send({ type: 'fault', id, cause: causeOf(error), detail }, () => process.exit(1));
  }
});
process.on('disconnect', () => process.exit(0));

if (settings.train) {
  // Before anything is elaborated.
  if (!restored) {
    const { imports } = settings;
    const header = takeImage(runtime, { imports, environment }, (part) =>
      send({ type: 'image-part', ...part }),
    );
    send({ type: 'image', header });
  }
  practise(session, TRAINING, (fraction) => send({ type: 'training', fraction }));
  runtime.stack.check();
  send({ type: 'trained', code: machineCodeOf(runtime.module) ?? new Uint8Array() });
} else {
  send({ type: 'ready', health: health() });
}

/** Emscripten throws objects that are no errors, such as an exit status. */
function describe(error: unknown): string {
  // Emscripten's way to end a program that ended itself: an exception of JavaScript's met C++ code that expects none.
  if (error === 'unwind')
    return 'Lean ended itself: its stack was full, or it called something that it may not have';
  if (typeof error === 'string') return error;
  if (typeof error === 'number')
    return 'an exception of C++ that nothing caught, as where a system call is missing';
  const { name, message } = z
    .object({ name: z.string().optional(), message: z.string().optional() })
    .catch({})
    .parse(error);
  return message ?? name ?? 'an exception without a text';
}

function causeOf(error: unknown): 'memory' | 'stack' | 'trap' {
  const text = describe(error);
  // An allocation that failed shows as an exception of C++ without a text.
  if (session.objects.memoryBytes > LARGE_WASM_BYTES) return 'memory';
  if (/out of memory|OOM|memory allocation|bad_alloc|Cannot enlarge memory/i.test(text)) return 'memory';
  if (error instanceof RangeError || /call stack|stack overflow|stack was full/i.test(text)) return 'stack';
  return 'trap';
}
