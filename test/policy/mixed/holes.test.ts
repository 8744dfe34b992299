import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goalStatement } from '../../../core/policy/mixed/goal-statement.ts';
import { holesOf } from '../../../core/policy/mixed/holes.ts';
import { patchLeftovers } from '../../../core/policy/mixed/leftovers.ts';
import type { Diagnostic, Verdict } from '../../../core/record/index.ts';
import { scriptedPolicy } from '../../repair/scripted.ts';
import { attempt, failed, state, statement } from '../states.ts';

const of = statement('theorem t (a b : Nat) (h : a < b) : a ≤ b');

function error(
  message: string,
  line: number,
  column: number,
  endLine?: number,
  endColumn?: number,
): Diagnostic {
  return {
    severity: 'error',
    position: { line, column },
    ...(endLine === undefined ? {} : { end: { line: endLine, column: endColumn ?? 0 } }),
    message,
    kind: '[anonymous]',
  };
}

const shown = (submission: string, verdict: Verdict): string[] =>
  holesOf({ submission, verdict }).map(({ kind, start, end }) => `${kind} ${submission.slice(start, end)}`);

describe('what is left open', () => {
  const SUBMISSION = `${of.formal} := by\n  have k : 𝔸 = 𝔸 := by simp\n  · skip\n  sorry`;

  test.each<[string, Diagnostic[], string[]]>([
    ['nothing but what says sorry', [], ['replace sorry']],
    [
      'a failing tactic, behind characters of two code units',
      [error('`simp` made no progress', 2, 23, 2, 27)],
      ['replace simp', 'replace sorry'],
    ],
    [
      'a block with goals',
      [error('unsolved goals\n⊢ False', 3, 2, 3, 8)],
      ['append · skip', 'replace sorry'],
    ],
    [
      'one of two errors at a place',
      [error('one', 2, 23, 2, 27), error('two', 2, 23, 2, 27)],
      ['replace simp', 'replace sorry'],
    ],
    [
      'nothing at places that are not there',
      [error('a', 99, 0, 99, 1), error('b', 2, 400, 2, 401), error('c', 0, 0, 0, 1)],
      ['replace sorry'],
    ],
    ['nothing behind an error of the parser', [error("unexpected token ')'; expected term", 2, 4)], []],
  ])('is %s', (_, diagnostics, expected) => {
    expect(shown(SUBMISSION, failed(diagnostics))).toEqual(expected);
  });

  test('is an unknown tactic wherever it stands, with its arguments, and what was open before it', () => {
    const submission = `${of.formal} := by\n  constructor\n  · skip\n  · linarith [h, (h)]\n  exact ⟨by linarith, mylinarith⟩`;
    const found = holesOf({
      submission,
      verdict: failed([
        error('unsolved goals\n⊢ 1 = 1', 3, 2, 3, 8),
        error('unsolved goals\n⊢ 2 = 2', 4, 2, 4, 21),
        error('unknown tactic', 4, 5),
        error('Insufficient number of fields', 4, 0, 4, 20),
      ]),
    });
    expect(found.map(({ kind, start, end, goals }) => [kind, submission.slice(start, end), goals])).toEqual([
      ['append', '· skip', ['unsolved goals\n⊢ 1 = 1']],
      ['replace', 'linarith [h, (h)]', ['unsolved goals\n⊢ 2 = 2']],
      ['replace', 'linarith', []],
    ]);
  });

  test('is not looked for where there is too much, and that is found out quickly', () => {
    const before = performance.now();
    for (const word of ['sorry', 'sorry ', '(sorry']) {
      expect(holesOf({ submission: word.repeat(30_000), verdict: failed() })).toEqual([]);
      const unknown = failed([error('unknown tactic', 1, 1)]);
      expect(holesOf({ submission: word.repeat(30_000), verdict: unknown }).length).toBeLessThanOrEqual(8);
    }
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test('is found without a fault, whatever a model wrote and Lean said', () => {
    const position = fc.record({ line: fc.nat({ max: 6 }), column: fc.nat({ max: 30 }) });
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '⟨', '⟩', 'sorry', '𝔸', ',', 'by', '\ud800'),
    });
    const messages = fc.oneof(fc.constantFrom('unsolved goals\n⊢ a', 'unknown tactic', 'x'), text);
    const diagnostics = fc.array(
      fc.tuple(messages, position, fc.option(position, { nil: undefined })).map(([message, start, end]) => ({
        ...error(message, start.line, start.column),
        ...(end === undefined ? {} : { end }),
      })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(text, diagnostics, (submission, said) => {
        for (const { start, end } of holesOf({ submission, verdict: failed(said) })) {
          expect(0 <= start && start < end && end <= submission.length).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a goal as a statement', () => {
  test('has its hypotheses as binders, without those that cannot be named', () => {
    const goal =
      'case left.inl\na b : Nat\nx✝ : Bool\nf : Nat →\n  Nat := fun n => n\nh : a < b\n⊢ f a\n  ≤ b';
    expect(goalStatement(of, goal)?.formal).toBe(
      'theorem leftover (a b : Nat) (f : Nat → Nat) (h : a < b) : f a ≤ b',
    );
  });

  test.each(['', 'no goal', '⊢ ', `⊢ ${'x'.repeat(20_000)}`, '⊢ a\0b', '⊢ \ud800'])(
    'is none where there is none (%j)',
    (goal) => {
      expect(goalStatement(of, goal)).toBeUndefined();
    },
  );
});

describe('patches', () => {
  const quick = (tactics: readonly string[]): ReturnType<typeof scriptedPolicy> =>
    scriptedPolicy(({ statement: goal }) => tactics.map((tactic) => `${goal.formal} := by ${tactic}`));

  async function patches(proof: string, said: Diagnostic[], tactics: readonly string[]): Promise<string[]> {
    const failedAttempt = attempt(of, { submission: `${of.formal} := ${proof}` }, failed(said));
    const signal = new AbortController().signal;
    const found: string[] = [];
    for await (const { submission } of patchLeftovers(quick(tactics), state(of), [failedAttempt], signal)) {
      found.push(submission.slice(`${of.formal} := `.length));
    }
    return found;
  }

  test('try several tactics at each place, a few at a time', async () => {
    const tactics = Array.from({ length: 8 }, (_, i) => `tactic${i}`);
    expect(await patches('by sorry', [], tactics)).toEqual([
      'by (first | (tactic0) | (tactic1) | (tactic2) | (tactic3) | (tactic4) | (tactic5))',
      'by (first | (tactic6) | (tactic7))',
    ]);
  });

  test('go on with a block at the column of its tactics', async () => {
    const said = [
      error('unsolved goals\na : Nat\n⊢ a = a', 2, 2, 3, 8),
      error('unsolved goals\n⊢ 1 = 1', 1, of.formal.length + 4, 3, 8),
    ];
    expect(await patches('by\n  · skip\n    simp', said, ['rfl'])).toEqual([
      'by\n  · skip\n    simp\n    all_goals first | (rfl)\n  all_goals first | (rfl)',
    ]);
  });

  test('are none where the quick policy has no tactic of one line', async () => {
    expect(await patches('by sorry', [], [])).toEqual([]);
    expect(await patches('by sorry', [], ['\n  cases a\n  rfl', 'sorry', 'x'.repeat(400)])).toEqual([]);
  });
});
