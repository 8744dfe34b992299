import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { InferenceEvent as ApiEvent } from '../../../core/api/inference.ts';
import { inferenceEventSchema } from '../../../core/api/inference.ts';
import { Activity } from '../../../core/policy/llama/activity.ts';
import {
  chooseThreads,
  engineSettingsSchema,
  type InferenceEvent,
} from '../../../core/policy/llama/index.ts';
import { SlotQueue, type Slot } from '../../../core/policy/llama/queue.ts';
import { inferenceEnvironment } from '../../../core/policy/llama/spawner.ts';

describe('the queue for slots', () => {
  const nothing = (): void => {};

  it('never gives more than there are, and in the end one to everybody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ group: fc.constantFrom('a', 'b', 'c'), cancel: fc.boolean() }), {
          maxLength: 30,
        }),
        async (total, asks) => {
          const queue = new SlotQueue(total, nothing);
          let held = 0;
          let most = 0;
          const use = async (slot: Slot): Promise<void> => {
            most = Math.max(most, ++held);
            await Promise.resolve();
            held--;
            slot.release();
            slot.release();
          };
          const ends = asks.map(async ({ group, cancel }) => {
            const controller = new AbortController();
            const slot = queue.acquire(group, controller.signal);
            if (cancel) controller.abort(new Error('cancelled'));
            await use(await slot);
          });
          await Promise.allSettled(ends);
          expect(most).toBeLessThanOrEqual(total);
          expect([queue.busy, queue.queued]).toEqual([0, 0]);
        },
      ),
    );
  });

  it('lets groups take turns, and keeps their order within', async () => {
    const queue = new SlotQueue(1, nothing);
    const first = await queue.acquire('a', undefined);
    const order: string[] = [];
    const asks = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map(async (name) => {
      const slot = await queue.acquire(name.slice(0, 1), undefined);
      order.push(name);
      slot.release();
    });
    first.release();
    await Promise.all(asks);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('fails what waits when it is cleared, and serves what comes later', async () => {
    const queue = new SlotQueue(1, nothing);
    const held = await queue.acquire('a', undefined);
    const waiting = queue.acquire('b', undefined);
    queue.clear(new Error('unloaded'));
    await expect(waiting).rejects.toThrow('unloaded');
    const next = queue.acquire('b', undefined);
    held.release();
    (await next).release();
    expect(queue.busy).toBe(0);
  });
});

describe('the threads of llama.cpp', () => {
  it('leave cores to Lean', () => {
    const on = (cores: number, rest = {}) =>
      chooseThreads({ cores, mathCores: cores, fullyOnGpu: false, ...rest });
    expect([1, 2, 4, 8, 16].map((cores) => on(cores))).toEqual([1, 1, 3, 6, 12]);
    expect(on(16, { mathCores: 8 })).toBe(8);
    expect(on(16, { reservedCores: 14 })).toBe(2);
    expect(on(4, { reservedCores: 64 })).toBe(1);
    expect(on(64, { fullyOnGpu: true })).toBe(1);
  });
});

describe('the settings', () => {
  it.each([
    { contextSize: 16 },
    { slots: 0 },
    { gpu: 'abacus' },
    { gpuLayers: -1 },
    { modelPath: '' },
    { other: 1 },
  ])('out of range are refused: %o', (change) => {
    expect(engineSettingsSchema.safeParse({ modelPath: 'a.gguf', ...change }).success).toBe(false);
  });

  it('choose the GPUs through the environment, and keep what would change the process out of it', () => {
    process.env['NODE_LLAMA_CPP_GPU'] = 'cuda';
    const { CUDA_VISIBLE_DEVICES, GGML_VK_VISIBLE_DEVICES, NODE_LLAMA_CPP_GPU } = inferenceEnvironment([
      1, 3,
    ]);
    delete process.env['NODE_LLAMA_CPP_GPU'];
    expect([CUDA_VISIBLE_DEVICES, GGML_VK_VISIBLE_DEVICES, NODE_LLAMA_CPP_GPU]).toEqual([
      '1,3',
      '1,3',
      undefined,
    ]);
    expect(inferenceEnvironment(undefined)['PATH']).toBe(process.env['PATH']);
  });
});

describe('the activity', () => {
  it('tells idling for Lean from idling and from work', async () => {
    const slots = { total: 2, busy: 0, queued: 0 };
    const activity = new Activity({ slots: () => slots, emit: () => {} });
    const pass = async (ms: number): Promise<void> => {
      const end = performance.now() + ms;
      while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
    };
    await pass(20);
    slots.busy = 1;
    activity.update();
    const judged = activity.judging();
    await pass(30);
    slots.busy = 0;
    activity.update();
    await pass(40);
    judged();
    judged();
    await pass(20);
    const { busyMs, waitingForLeanMs } = activity.totals;
    activity.dispose();
    expect(busyMs).toBeGreaterThanOrEqual(30);
    expect(waitingForLeanMs).toBeGreaterThanOrEqual(40);
    expect(activity.totals.busyMs).toBe(busyMs);
    expect(activity.totals.waitingForLeanMs).toBe(waitingForLeanMs);
  });
});

describe('the events', () => {
  it('are those that the faces know', () => {
    expectTypeOf<InferenceEvent>().toExtend<ApiEvent>();
    const event: InferenceEvent = { type: 'inference:unloaded', reason: 'idle' };
    expect(inferenceEventSchema.parse(event)).toEqual(event);
  });
});
