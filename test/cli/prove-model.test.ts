import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyGguf, truncatedGguf } from '../support/tiny-gguf.ts';
import { readResults, run, SLOW, write } from './run.ts';

/* A tiny random model over real llama.cpp, held to a grammar of tactics that close goals: it guesses, and Lean judges. */

let data = '';
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-model-'));
  // The machine that tests may have a card; these models are not worth waking it.
  await writeFile(
    path.join(data, 'settings.json'),
    JSON.stringify({ version: 1, model: { model: tinyGguf(), gpu: 'cpu', slots: 4, contextSize: 2048 } }),
  );
});
afterAll(() => rm(data, { recursive: true, force: true, maxRetries: 5 }));

const EASY = [
  'theorem two (a b : Nat) (h : a < b) : ¬ b ≤ a := by sorry',
  'theorem swap (a b : Nat) : a + b = b + a := by sorry',
];

test.each(['llama', 'mixed'])(
  'a model proves by itself or beside the portfolio: %s',
  { timeout: SLOW },
  async (policy) => {
    const file = await write(data, `${policy}.lean`, ...EASY);
    const out = path.join(data, `${policy}.jsonl`);
    const args = ['prove', file, '--policy', policy, '--grammar', 'closer', '--seconds', '60', '--out', out];
    const ended = await run([...args, '--rollouts', '64', '--rounds', '4', '--jobs', '1'], { data });
    expect(ended.err).toContain('Loading the model: ready on cpu');
    expect(ended.code).toBe(0);
    const lines = await readResults(out);
    expect(lines.map(({ name, solved }) => ({ name, solved }))).toEqual([
      { name: 'two', solved: true },
      { name: 'swap', solved: true },
    ]);
    const split =
      /\nBudget of 2 statements:\n {2}the portfolio’s search gets \d+% of the rounds: .*\n {2}the language model gets/;
    if (policy === 'mixed') expect(ended.out).toMatch(split);
    else expect(ended.out).not.toContain('Budget of');
  },
);

test('a model that cannot be read is a clear error, and nothing is written', { timeout: SLOW }, async () => {
  const file = await write(data, 'one.lean', EASY[0] ?? '');
  const ended = await run(['prove', file, '--policy', 'llama', '--model', truncatedGguf()], { data });
  expect(ended.code).not.toBe(0);
  expect(ended.err).toMatch(/\.gguf/);
  expect(ended.err).not.toMatch(/\n\s+at /);
});
