import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BusyTime, ComputeLog, ComputeMeter } from '../../../core/node/contributors/index.ts';
import type { InferenceEngine, InferenceEvent } from '../../../core/policy/llama/index.ts';
import { request, testEngine } from '../../policy/llama/engines.ts';

type Ready = Extract<InferenceEvent, { type: 'inference:ready' }>;

/** An engine as the meter sees it: what it tells, and how long it says it was busy. */
function engine() {
  const listeners = new Set<(event: InferenceEvent) => void>();
  let busyMs = 0;
  const totals: InferenceEngine['totals'] = {
    requests: 0,
    promptTokens: 0,
    cachedTokens: 0,
    generatedTokens: 0,
    get busyMs() {
      return busyMs;
    },
    waitingForLeanMs: 0,
  };
  const tell = (event: unknown): void => {
    for (const listener of listeners) listener(event as InferenceEvent);
  };
  return {
    totals,
    subscribe(listener: (event: InferenceEvent) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ready: (gpu: Ready['model']['gpu'], gpuLayers: number) =>
      tell({ type: 'inference:ready', model: { gpu, gpuLayers }, seconds: 1 }),
    worked(milliseconds: number) {
      busyMs += milliseconds;
      tell({ type: 'inference:stats' });
    },
    unloaded: () => tell({ type: 'inference:unloaded', reason: 'idle' }),
  };
}

async function meter(now = () => new Date(2026, 1, 1, 12).getTime()) {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-meter-'));
  let saved = 0;
  const open = () => ComputeLog.open(data, (detail) => expect.unreachable(detail));
  const made = new ComputeMeter({
    log: await open(),
    leanJobs: 2,
    now,
    onSaved: () => saved++,
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(async () => {
    await made.close();
    await rm(data, { recursive: true, force: true });
  });
  return { meter: made, open, saved: () => saved };
}

test('a model’s time counts once for all its rollouts, by where it runs', async () => {
  const { meter: made, open, saved } = await meter();
  const [card, processors, unused] = [engine(), engine(), engine()];
  for (const one of [card, processors, unused]) made.follow(one);
  // Loading: nobody knows yet where.
  card.worked(300);
  expect(made.log.total.gpu).toBe(0);
  card.ready('cuda', 33);
  card.worked(700);
  processors.ready('cpu', 0);
  processors.worked(2000);
  unused.ready('vulkan', 0);
  unused.worked(500);
  card.unloaded();
  expect(made.log.total).toEqual({ gpu: 1, cpu: 2.5, lean: 0 });
  await made.close();
  expect(saved()).toBe(1);
  expect((await open()).days).toEqual([{ day: '2026-02-01', gpu: 1, cpu: 2.5, lean: 0 }]);
});

test('a real model’s two rollouts at one time count as long as they took', { timeout: 60_000 }, async () => {
  const { meter: made } = await meter();
  const model = testEngine({ slots: 2 });
  made.follow(model);
  const began = performance.now();
  await Promise.all([1, 2].map((seed) => model.generate(request({ seed, maxTokens: 60 }))));
  const { busyMs } = model.totals;
  await model.dispose();
  const seconds = (performance.now() - began) / 1000;
  const { gpu, cpu } = made.log.total;
  expect(gpu).toBe(0);
  expect(cpu).toBeGreaterThanOrEqual(busyMs / 1000 - 1e-9);
  expect(cpu).toBeLessThanOrEqual(seconds);
});

test('time goes to the day in which it was told', async () => {
  let at = new Date(2026, 1, 1, 23, 59, 59).getTime();
  const { meter: made } = await meter(() => at);
  const card = engine();
  made.follow(card);
  card.ready('metal', 1);
  card.worked(1000);
  at += 2000;
  card.worked(1000);
  expect(made.log.days.map(({ day, gpu }) => [day, gpu])).toEqual([
    ['2026-02-01', 1],
    ['2026-02-02', 1],
  ]);
});

test('checks count as many workers as there are, waiting ones none, and what fails counts too', async () => {
  let now = 0;
  let counted = 0;
  const busy = new BusyTime(
    2,
    (milliseconds) => (counted += milliseconds),
    () => now,
  );
  const running = [0, 1, 2].map(() => Promise.withResolvers<number>());
  const work = running.map(({ promise }) => busy.during(() => promise));
  now = 100;
  busy.settle();
  expect(counted).toBe(200);
  running[0]?.reject(new Error('refused'));
  await expect(work[0]).rejects.toThrow('refused');
  now = 150;
  running[1]?.resolve(1);
  expect(await work[1]).toBe(1);
  expect(counted).toBe(300);
  now = 250;
  running[2]?.resolve(2);
  await work[2];
  now = 1000;
  busy.settle();
  expect(counted).toBe(400);
});

test('Lean’s time is there before its check has ended', async () => {
  const { meter: made } = await meter();
  const running = Promise.withResolvers<undefined>();
  const work = made.lean.during(() => running.promise);
  await expect.poll(() => made.log.total.lean).toBeGreaterThan(0.005);
  running.resolve(undefined);
  await work;
  expect(made.log.total).toMatchObject({ gpu: 0, cpu: 0 });
});
