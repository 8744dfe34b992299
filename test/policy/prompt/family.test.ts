import { describe, expect, it } from 'vitest';
import {
  buildPrompt,
  chooseFamily,
  FAMILIES,
  InvalidFamilyError,
  parseFamily,
  transcript,
  UnknownFamilyError,
  type ModelDescription,
} from '../../../core/policy/prompt/index.ts';
import { attempt, FAILED, state } from './states.ts';

describe('chooseFamily', () => {
  it.each<[ModelDescription, string]>([
    [{ name: 'OProver 8B', architecture: 'qwen3' }, 'oprover'],
    [{ fileName: 'OProver-32B-Q4_K_M.gguf' }, 'oprover'],
    [{ name: 'Goedel Prover V2 8B' }, 'goedel'],
    [{ name: 'merged', basename: 'Goedel_Prover.V2' }, 'goedel'],
    [{ name: 'DeepSeek-Prover-V2-7B' }, 'goedel'],
    [
      { name: 'my finetune', baseModels: ['Qwen3 8B', 'https://example.org/Goedel-LM/Goedel-Prover-V2-8B'] },
      'goedel',
    ],
    [{ name: 'OProver 8B', baseModels: ['Goedel-Prover-V2-8B'] }, 'oprover'],
    [{ name: 'OProver 8B from Goedel-Prover-V2' }, 'oprover'],
    [{ name: 'Qwen3 8B Instruct', architecture: 'qwen3' }, 'generic'],
    [{ name: 'Goedel-Prover-SFT' }, 'generic'],
    [{ name: 'x'.repeat(1_000_000) }, 'generic'],
    [{}, 'generic'],
  ])('%o is asked as %s', (model, expected) => {
    expect(chooseFamily(model).name).toBe(expected);
  });

  it('does what the user says, or says what there is', () => {
    expect(chooseFamily({ name: 'OProver 8B' }, 'generic').name).toBe('generic');
    expect(chooseFamily({}, 'oprover-attempt-first').name).toBe('oprover-attempt-first');
    expect(() => chooseFamily({}, 'gödel')).toThrow(UnknownFamilyError);
    expect(() => chooseFamily({}, 'gödel')).toThrow(/"gödel".*oprover, .*generic/);
  });
});

describe('parseFamily', () => {
  const mine = {
    name: 'mine',
    turns: [
      {
        role: 'user',
        sections: [
          { template: '{{feedback}}', when: 'retry' },
          { template: '{{statement}}' },
          { template: 'Again: {{round}}' },
        ],
      },
    ],
  };

  it("takes a user's own, and it works", async () => {
    const family = parseFamily(JSON.parse(JSON.stringify(mine)));
    const request = { family, countTokens: () => 1, budget: 1 };
    const first = await buildPrompt({ ...request, state: state() });
    expect(transcript(first.messages)).toMatch(/^\[user\]\n```lean4\n[^]*\n```$/);
    const next = await buildPrompt({ ...request, state: state({ round: 1, previous: [attempt(FAILED)] }) });
    expect(transcript(next.messages)).toMatch(/^\[user\]\n5:2: error[^]*```\n\nAgain: 0$/);
  });

  it('takes every family of ours as it gives them out', () => {
    for (const family of FAMILIES) expect(parseFamily(structuredClone(family))).toEqual(family);
  });

  const turn = (role: string, template: string, when = 'always') => ({
    role,
    when,
    sections: [{ template }],
  });
  it.each<[string, unknown]>([
    ['that never states the theorem', { ...mine, turns: [turn('user', 'Prove it.')] }],
    [
      'that states it in a retry only',
      {
        ...mine,
        turns: [turn('user', 'x'), turn('assistant', 'y', 'retry'), turn('user', '{{statement}}', 'retry')],
      },
    ],
    [
      'whose statement hangs on something else',
      { ...mine, turns: [turn('user', '{{statement}} {{informal}}')] },
    ],
    [
      'with an unknown placeholder',
      { ...mine, turns: [turn('user', '{{statement}}'), turn('assistant', '{{cot}}'), turn('user', 'x')] },
    ],
    ['that ends with the model', { ...mine, turns: [turn('user', '{{statement}}'), turn('assistant', 'x')] }],
    [
      'whose first round ends with the model',
      { ...mine, turns: [turn('user', '{{statement}}'), turn('assistant', 'x'), turn('user', 'y', 'retry')] },
    ],
    ['with an unknown field', { ...mine, code: 'x' }],
    ['that is none', null],
  ])('refuses one %s', (_, json) => {
    expect(() => parseFamily(json)).toThrow(InvalidFamilyError);
  });
});
