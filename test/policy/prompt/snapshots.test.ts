import { describe, expect, it } from 'vitest';
import { buildPrompt, FAMILIES, transcript, type PromptFamily } from '../../../core/policy/prompt/index.ts';
import type { RoundState } from '../../../core/record/index.ts';
import { attempt, FAILED, IN_MATHLIB, PREMISES, state } from './states.ts';

async function show(family: PromptFamily, of: RoundState, budget = Infinity): Promise<string> {
  const { messages, dropped } = await buildPrompt({
    family,
    state: of,
    countTokens: (all) => transcript(all).length,
    budget,
  });
  const footer = dropped.map((part) => `dropped ${JSON.stringify(part)}`);
  return [transcript(messages), ...footer].join('\n') + '\n';
}

const reply = 'I unfold `dbl`.\n\n```lean4\ntheorem dbl_even …\n```';
const retry: Partial<RoundState> = {
  round: 1,
  previous: [attempt(FAILED, { response: `<think>hm</think>\n${reply}` })],
};

describe.each(FAMILIES.map((family) => [family.name, family] as const))('%s', (name, family) => {
  it.each([
    ['first round', state()],
    ['first round with references', state({ premises: PREMISES })],
    ['first round in Mathlib', state({ statement: IN_MATHLIB })],
    ['second round', state(retry)],
    ['second round with references', state({ ...retry, premises: PREMISES })],
  ])('%s', async (round, of) => {
    const file = `snapshots/${name}, ${round}.txt`;
    await expect(await show(family, of)).toMatchFileSnapshot(file);
  });

  it('second round, over budget', async () => {
    const full = (await show(family, state({ ...retry, premises: PREMISES }))).length;
    const text = await show(family, state({ ...retry, premises: PREMISES }), full - 150);
    expect(text).toContain('dropped {"reason":"budget","part":"reference"');
    await expect(text).toMatchFileSnapshot(`snapshots/${name}, second round, over budget.txt`);
  });
});
