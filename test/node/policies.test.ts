import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ModelChoice } from '../../core/api/index.ts';
import { PolicyShelf, type HeldPolicy } from '../../core/node/index.ts';
import type { InferenceEvent } from '../../core/policy/llama/index.ts';
import { prove } from '../../core/repair/index.ts';
import { scriptedChecker, statement } from '../repair/scripted.ts';
import { tinyGguf } from '../support/tiny-gguf.ts';

let data = '';
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-shelf-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

const choiceOf = (model: string): ModelChoice => ({
  model,
  gpu: 'cpu',
  slots: 2,
  contextSize: 2048,
  threads: 1,
});

/** A shelf whose choice can be changed. */
function shelfOf(model: string): {
  shelf: PolicyShelf;
  choose: (model: string) => void;
  events: InferenceEvent[];
  notices: string[];
} {
  let choice = choiceOf(model);
  const events: InferenceEvent[] = [];
  const notices: string[] = [];
  const shelf = new PolicyShelf({
    locations: { data },
    choice: () => choice,
    grammar: 'root ::= "by " [a-z]{20}',
    onInference: (event) => events.push(event),
    onNotice: (text) => notices.push(text),
  });
  onTestFinished(() => shelf.dispose());
  return { shelf, choose: (other) => (choice = choiceOf(other)), events, notices };
}

/** The names of the models that replied. */
async function models({ policy }: HeldPolicy, rollouts: number): Promise<Set<string | undefined>> {
  const outcome = await prove(
    statement,
    { policy, checker: scriptedChecker() },
    { rollouts, rounds: 1, concurrency: rollouts },
  );
  expect(outcome.attempts).toHaveLength(rollouts);
  return new Set(outcome.attempts.map(({ generation }) => generation?.model));
}

test('a model that another replaces serves who holds it to the end, and is unloaded then', async () => {
  const [first, second] = [tinyGguf({ seed: 1, sharpness: 12 }), tinyGguf({ seed: 2, sharpness: 12 })];
  const { shelf, choose, events } = shelfOf(first);
  const held = await shelf.hold('llama');
  await held.warmUp();
  const working = models(held, 6);
  choose(second);
  await using other = await shelf.hold('llama');
  const names = await Promise.all([working, models(other, 3)]);
  expect(names).toEqual([new Set([path.basename(first)]), new Set([path.basename(second)])]);
  const unloaded = (): number => events.filter(({ type }) => type === 'inference:unloaded').length;
  expect(unloaded()).toBe(0);
  await held[Symbol.asyncDispose]();
  expect(unloaded()).toBe(1);
});

test('a card that the donation rules do not lend is not used, whatever was chosen for the model', async () => {
  const shelf = new PolicyShelf({
    locations: { data },
    // There is none on any machine that has the other.
    choice: () => ({
      ...choiceOf(tinyGguf()),
      gpu: process.platform === 'darwin' ? 'cuda' : 'metal',
      gpuLayers: 1,
    }),
    limits: () => ({ gpu: 'cpu' }),
  });
  onTestFinished(() => shelf.dispose());
  await using held = await shelf.hold('llama');
  await held.warmUp();
  expect(await models(held, 1)).not.toContain(undefined);
});

test('the mixed policy goes on without a model that is gone, says so once, and keeps what it learnt for the next run', async () => {
  const { shelf, notices } = shelfOf(path.join(data, 'gone.gguf'));
  {
    await using held = await shelf.hold('mixed');
    const outcome = await prove(
      statement,
      { policy: held.policy, checker: scriptedChecker() },
      { rollouts: 2, rounds: 12 },
    );
    expect(outcome.reason).not.toBe('policy-failed');
    expect(outcome.attempts.length).toBeGreaterThan(2);
    await held.policy.learn?.(statement, outcome);
  }
  expect(notices.filter((text) => /goes on without the model: .*gone\.gguf/.test(text)).length).toBe(1);
  const learnt = await new PolicyShelf({
    locations: { data },
    choice: () => choiceOf(path.join(data, 'gone.gguf')),
  }).learnt();
  expect(learnt.find(({ arm }) => arm === 'search')?.rounds).toBeGreaterThan(0);
  expect(JSON.parse(await readFile(path.join(data, 'bank', 'mixed-policy.json'), 'utf8'))).toMatchObject({
    version: 1,
  });
});
