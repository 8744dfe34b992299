/**
 * The process that hosts llama.cpp: a crash of native code ends this process and nothing else. It is told its settings at
 * its start, loads one model, and answers requests, many at a time, over its parent's channel.
 */
import { Worker } from 'node:worker_threads';
import { requestMessageSchema, type ProcessMessage, type RequestMessage } from '../protocol.ts';
import { engineSettingsSchema } from '../settings.ts';
import { describeError, RequestFailure } from './failures.ts';
import type { Generation } from './generation.ts';
import { Runner } from './runner.ts';

/** Pieces of replies go out together, so often; a step of a real model takes about as long. */
const PIECES_MS = 20;
const COUNTERS_MS = 500;
const PROGRESS_MS = 100;

new Worker(new URL('./watchdog.ts', import.meta.url), {
  workerData: { parent: process.ppid },
  resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
}).unref();

const runner = new Runner(engineSettingsSchema.parse(JSON.parse(process.argv[2] ?? '{}')));
const running = new Map<number, { readonly generation: Generation; readonly stream: boolean }>();

function send(message: ProcessMessage): void {
  // Where the parent is gone there is no one to tell; this process ends with it.
  process.send?.(message, undefined, {}, () => {});
}

async function answer(message: Exclude<RequestMessage, { type: 'stop' }>): Promise<ProcessMessage> {
  const { id } = message;
  switch (message.type) {
    case 'estimate':
      return { type: 'estimated', id, estimate: await runner.estimate() };
    case 'load':
      return {
        type: 'loaded',
        id,
        model: await runner.load({
          onPlan: (estimate) => send({ type: 'planned', estimate }),
          onProgress: progress(),
        }),
      };
    case 'render':
      return { type: 'rendered', id, prompt: runner.render(message.prompt) };
    case 'generate': {
      const generation = runner.generation(message.request);
      running.set(id, { generation, stream: message.stream });
      beat();
      try {
        return { type: 'done', id, outcome: await runner.run(generation, message.request) };
      } finally {
        running.delete(id);
      }
    }
  }
}

/** Tells the fraction loaded, now and then. */
function progress(): (fraction: number) => void {
  let told = 0;
  return (fraction) => {
    const now = performance.now();
    if (now - told < PROGRESS_MS && fraction < 1) return;
    told = now;
    send({ type: 'progress', fraction: Math.min(1, Math.max(0, fraction)) });
  };
}

let beating = false;
let counted = 0;

/** While there are replies in the making: their new pieces, and the counters. */
function beat(): void {
  if (beating) return;
  beating = true;
  counted = performance.now();
  const next = async (): Promise<void> => {
    const pieces: { id: number; text: string; tokens: number }[] = [];
    for (const [id, { generation, stream }] of running) {
      if (!stream && !generation.text.watched) continue;
      const text = generation.text.next();
      if (generation.text.stopped) generation.stop();
      if (stream && text !== '') pieces.push({ id, text, tokens: generation.text.tokens.length });
    }
    if (pieces.length > 0) send({ type: 'text', pieces });
    const ended = running.size === 0;
    if (ended || performance.now() - counted >= COUNTERS_MS) {
      counted = performance.now();
      const generations = [...running.values()].map(({ generation }) => generation);
      send({ type: 'counters', counters: await runner.counters(generations) });
    }
    // Asked again, as a reply may have begun meanwhile.
    if (running.size === 0) beating = false;
    else setTimeout(() => void next(), PIECES_MS);
  };
  setTimeout(() => void next(), PIECES_MS);
}

process.on('message', (raw: unknown) => {
  const message = requestMessageSchema.parse(raw);
  if (message.type === 'stop') {
    running.get(message.id)?.generation.stop();
    return;
  }
  answer(message).then(send, (error: unknown) => {
    const known = error instanceof RequestFailure ? error : undefined;
    send({
      type: 'failed',
      id: message.id,
      failure: known?.failure ?? 'internal',
      detail: describeError(error).slice(0, 5_000),
      ...(known?.estimate === undefined ? {} : { estimate: known.estimate }),
    });
  });
});
// Not `exit`, which would wait for native work under way.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
