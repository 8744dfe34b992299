import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getLlama, type Llama } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grammarFor, readReply } from '../../../core/policy/replies/index.ts';
import type { Statement, Verdict } from '../../../core/record/index.ts';
import { parseGbnf } from '../../support/gbnf.ts';
import { statement, testChecker } from '../../support/lean.ts';
import { PROJECT } from '../../support/paths.ts';

const NAMES = ['tactics', 'term', 'closer'] as const;
const grammarText = (name: string): string =>
  readFileSync(path.join(PROJECT, 'resources/grammars', `${name}.gbnf`), 'utf8');

const DBL = statement(
  'theorem dbl_even {α : Type} (n m : Nat) (hn : ∀ x y, x < n → y = m) : ∃ k, dbl n = 2 * k',
  'def dbl (n : Nat) : Nat := n + n\n\ntheorem dbl_eq (n : Nat) : dbl n = 2 * n := by simp [dbl]; omega',
);
const AND = statement('theorem and_turn (p q : Prop) (h : p ∧ q) : q ∧ p');
const SUM = statement('theorem sum (a b : Nat) (h : a = b + 1) : a + b = 2 * b + 1');

/** Lehmer's generator: the same texts in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Random texts of a grammar as submissions. */
function submissions(name: string, of: Statement, count: number): string[] {
  const grammar = parseGbnf(grammarFor(grammarText(name), of));
  const random = randomFrom(7);
  return Array.from({ length: count }, () => {
    const text = grammar.sample(random);
    const reading = readReply(of, text);
    if (reading.kind === 'defect') throw new Error(`${reading.defect}: ${text}`);
    expect(reading.splice).toBe('body');
    return reading.submission;
  });
}

describe.each(NAMES)('%s.gbnf', (name) => {
  let llama: Llama;
  beforeAll(async () => {
    llama = await getLlama({ gpu: false, build: 'never' });
  });
  afterAll(() => llama.dispose());

  it('is a grammar for llama.cpp, with the names of a statement too', async () => {
    const grammar = await llama.createGrammar({ grammar: grammarText(name) });
    expect(grammar.rootRuleName).toBe('root');
    await expect(llama.createGrammar({ grammar: grammarFor(grammarText(name), DBL) })).resolves.toBeDefined();
  });

  it('lets no model write without end', () => {
    const { longest, rules } = parseGbnf(grammarText(name));
    expect(rules.size).toBeGreaterThan(1);
    expect(longest).toBeLessThan(5_000);
  });
});

describe('grammarFor', () => {
  it("offers a statement's own names", () => {
    const grammar = grammarFor(grammarText('tactics'), DBL);
    expect(/^local ::= (.*)$/m.exec(grammar)?.[1]).toBe(
      ['α', 'n', 'm', 'hn', 'x', 'y', 'k', 'h', 'ih'].map((name) => `"${name}"`).join(' | '),
    );
    expect(grammar).toMatch(/^lemma ::= "dbl" \| "dbl_eq" \| "Nat\.add_comm" \| /m);
  });

  it('leaves a grammar without these rules as it is', () => {
    expect(grammarFor(grammarText('closer'), DBL)).toBe(grammarText('closer'));
  });
});

describe('over real Lean', () => {
  const checker = testChecker();
  afterAll(() => checker.dispose());
  const judge = async (of: Statement, submission: string): Promise<Verdict> =>
    (await checker.check(of, submission, { timeoutMs: 20_000, maxHeartbeats: 20_000 })).verdict;

  const isSyntax = (verdict: Verdict): boolean =>
    verdict.kind === 'failed' &&
    verdict.diagnostics.some(({ message }) => /unexpected (?:token|identifier|end of input)/.test(message));

  it.each(NAMES)('%s.gbnf is Lean syntax', { timeout: 60_000 }, async (name) => {
    const wrong: string[] = [];
    const all = submissions(name, DBL, 60);
    for (const submission of all) {
      if (isSyntax(await judge(DBL, submission))) wrong.push(submission);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['tactics', SUM],
    ['tactics', AND],
    ['term', AND],
    ['closer', SUM],
    ['closer', AND],
  ] as const)('%s.gbnf at random proves %o', { timeout: 60_000 }, async (name, of) => {
    let tries = 0;
    for (const submission of submissions(name, of, 200)) {
      tries += 1;
      if ((await judge(of, submission)).kind === 'proved') break;
    }
    expect(tries).toBeLessThan(200);
  });
});
