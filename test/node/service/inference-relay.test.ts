import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import {
  apiEventSchema,
  apiStateSchema,
  applyEvent,
  inferenceEventSchema,
  type InferenceEvent,
} from '../../../core/api/index.ts';
import { PolicyShelf } from '../../../core/node/policies.ts';
import { inferenceRelay } from '../../../core/node/service/inference-relay.ts';
import { emptyState } from '../../api/support.ts';
import { tinyGguf } from '../../support/tiny-gguf.ts';

/** A real model's events, as faces hear them. */
async function heard(): Promise<InferenceEvent[]> {
  const events: InferenceEvent[] = [];
  const shelf = new PolicyShelf({
    locations: { data: tmpdir() },
    choice: () => ({ model: tinyGguf(), gpu: 'cpu', slots: 2, contextSize: 512 }),
    leanJobs: () => 1,
    onInference: inferenceRelay((event) => events.push(event)),
  });
  onTestFinished(() => shelf.dispose());
  await using held = await shelf.hold('llama');
  await held.warmUp();
  await shelf.dispose();
  return events;
}

test('what a model at work tells is what faces can read, and the state follows it', async () => {
  const events = await heard();
  expect(events.map((event) => apiEventSchema.safeParse(event).error)).toEqual(events.map(() => undefined));
  const types = events.map(({ type }) => type);
  expect(types[0]).toBe('inference:estimated');
  expect(types).toContain('inference:ready');
  const ready = events.slice(0, types.indexOf('inference:ready') + 1);
  const state = ready.reduce(applyEvent, emptyState());
  expect(state.inference).toMatchObject({ phase: 'ready', model: { gpu: 'cpu', slots: 2 } });
  expect(apiStateSchema.safeParse(state).success).toBe(true);
  expect(events.reduce(applyEvent, emptyState()).inference).toEqual({ phase: 'off' });
});

test('loading is told now and then, and its end always', () => {
  const fractions: number[] = [];
  let at = 0;
  const relay = inferenceRelay(
    (event) => {
      if (event.type === 'inference:loading') fractions.push(event.fraction);
    },
    () => at,
  );
  for (let i = 0; i <= 100; i++, at += 10) relay({ type: 'inference:loading', fraction: i / 100 });
  expect(fractions).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

test('what a file says of itself is cut to what an event may hold', () => {
  const long = '𝓝'.repeat(5000);
  const told: InferenceEvent[] = [];
  const relay = inferenceRelay((event) => told.push(event));
  relay({
    type: 'inference:ready',
    seconds: 1,
    model: {
      name: long,
      architecture: long,
      fileName: long,
      baseModels: Array.from({ length: 100 }, () => long),
      template: 'own',
      contextSize: 1,
      trainContextSize: 1,
      slots: 1,
      gpu: 'cpu',
      devices: [long],
      gpuLayers: 0,
      layers: 1,
      threads: 1,
      vramBytes: 0,
      ramBytes: 1,
    },
  });
  relay({ type: 'inference:crashed', detail: long });
  expect(told.map((event) => inferenceEventSchema.safeParse(event).success)).toEqual([true, true]);
});
