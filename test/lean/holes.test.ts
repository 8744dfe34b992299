import { afterAll, describe, expect, test } from 'vitest';
import { UnjudgeableError } from '../../core/lean/index.ts';
import type { Verdict } from '../../core/record/index.ts';
import { parseChallenge, withFilling } from '../../core/statement/index.ts';
import { CORE, testChecker } from '../support/lean.ts';

/** Definitions that a challenge leaves to the submission, with real Lean. */

const checker = testChecker();
afterAll(() => checker.dispose());

/** The verdict on one theorem or definition of a challenge, by its name. */
async function verdictOn(name: string, challenge: string, submission: string): Promise<Verdict> {
  const tasks = [...parseChallenge(challenge, { environment: CORE })];
  const task = tasks.find((entry) => entry.kind !== 'problem' && entry.name === name);
  if (task === undefined || task.kind === 'problem') throw new TypeError(`no ${name}`);
  const text = task.kind === 'definition' ? withFilling(submission, name) : submission;
  return checker.checkOpen(task.statement, task.open, text, { origin: 'own', timeoutMs: 60_000 });
}

const brief = (verdict: Verdict): string =>
  verdict.kind === 'rejected' ? `${verdict.reason}: ${verdict.detail}` : verdict.kind;

const EVEN = `def f (n : Nat) : Nat := sorry
def twice (n : Nat) : Nat := f n + f n
theorem spec (n : Nat) : f n % 2 = 0 ∧ twice 0 = 0 := by sorry`;
const TWICE = 'def twice (n : Nat) : Nat := f n + f n';
const SPEC = 'theorem spec (n : Nat) : f n % 2 = 0 ∧ twice 0 = 0';

describe('a definition left open', () => {
  test.each<[string, string]>([
    ['by a term', `def f (n : Nat) : Nat := 2 * n\n${TWICE}\n${SPEC} := by simp [twice, f]`],
    [
      'by helpers',
      `def two := 2\ndef f (n : Nat) : Nat := two * n\n${TWICE}\n${SPEC} := by simp [twice, f, two]`,
    ],
    [
      'by recursion that has to be proved to end',
      `def f (n : Nat) : Nat := if h : n ≤ 1 then 0 else f (n / 2)
termination_by n
decreasing_by omega
${TWICE}
theorem f_zero (n : Nat) : f n = 0 := by
  induction n using Nat.strongRecOn with
  | _ n ih => unfold f; split; rfl; exact ih _ (by omega)
${SPEC} := by simp [twice, f_zero]`,
    ],
  ])('is given %s', async (_, submission) => {
    expect(brief(await verdictOn('f', EVEN, submission))).toBe('proved');
    expect(brief(await verdictOn('spec', EVEN, submission))).toBe('proved');
  });

  test('may use what the challenge defines after it', async () => {
    const challenge = `def f : Nat := sorry\ndef ten : Nat := 10\ntheorem t : f = ten := by sorry`;
    const submission = `def ten : Nat := 10\ndef f : Nat := ten\ntheorem t : f = ten := rfl`;
    expect(brief(await verdictOn('t', challenge, submission))).toBe('proved');
  });

  test('may be one that no theorem uses', async () => {
    const challenge = 'universe u\ndef f {α : Type u} (a : α) : List α := sorry';
    const given = (name: string): string =>
      `universe ${name}\ndef f {α : Type ${name}} (a : α) : List α := [a]`;
    // The name of a universe is a part of what a definition is.
    expect(brief(await verdictOn('f', challenge, given('v')))).toMatch(/^(statement|definition)-changed: /);
    expect(brief(await verdictOn('f', challenge, given('u')))).toBe('proved');
  });

  test.each<[string, string, RegExp]>([
    ['another type', 'def f (n : Nat) : Int := 2 * n', /^definition-changed: .*expected Nat, found Int/],
    ['another binder', 'def f {n : Nat} : Nat := n', /^definition-changed: .*binder/],
    ['an axiom', 'axiom f (n : Nat) : Nat', /^(definition-changed|forbidden-axiom): .*f/],
    ['an opaque constant', 'opaque f (n : Nat) : Nat', /^definition-changed: .*an opaque, not a definition/],
    ['sorry', 'def f (n : Nat) : Nat := sorry', /^forbidden-axiom: .*sorryAx/],
    ['sorry in a helper', 'def g : Nat := sorry\ndef f (n : Nat) : Nat := g', /^forbidden-axiom: .*sorryAx/],
    ['an axiom of its own', 'axiom g : Nat\ndef f (n : Nat) : Nat := g', /^forbidden-axiom: .*g/],
    [
      'a choice',
      'noncomputable def f (n : Nat) : Nat := Classical.choice ⟨n⟩',
      /^forbidden-axiom: the definition of f rests on Classical\.choice/,
    ],
    [
      'a choice in a helper',
      'noncomputable def g (n : Nat) : Nat := Classical.choose (⟨n, rfl⟩ : ∃ m, m = n)\nnoncomputable def f (n : Nat) : Nat := g n',
      /^forbidden-axiom: the definition of f rests on Classical\.choose/,
    ],
    [
      'a choice by another name',
      'noncomputable def f (n : Nat) : Nat := (⟨n, rfl⟩ : ∃ m, m = n).choose',
      /^forbidden-axiom: the definition of f rests on Exists\.choose/,
    ],
    ['an unsafe definition', 'unsafe def f (n : Nat) : Nat := n', /unsafe|failed/],
    ['nothing', 'def g := 1', /^failed/],
  ])('is not given by %s', async (_, submission, expected) => {
    expect(brief(await verdictOn('f', EVEN, submission))).toMatch(expected);
  });

  test('leaves the other definitions of the challenge as they are', async () => {
    const submission = `def f (n : Nat) : Nat := 2 * n\ndef twice (n : Nat) : Nat := 0\n${SPEC} := by simp [twice, f]`;
    expect(brief(await verdictOn('spec', EVEN, submission))).toMatch(/^definition-changed: .*twice/);
  });

  test('cannot be used to prove what is false', async () => {
    const challenge = 'def p : Prop := sorry\ntheorem t : 1 + 1 = 3 := by sorry';
    const submission = 'def p : Prop := True\ntheorem t : 1 + 1 = 3 := by sorry';
    expect(brief(await verdictOn('t', challenge, submission))).toMatch(/^forbidden-axiom: .*sorryAx/);
  });

  test('of a false equation is not given by another definition of the same name in the proof', async () => {
    const challenge = 'def f : Nat := sorry\ndef g : Nat := f + 1\ntheorem t : g = 0 := by sorry';
    const submission = 'def g : Nat := 0\ndef f : Nat := g\ntheorem t : g = 0 := rfl';
    expect(brief(await verdictOn('t', challenge, submission))).toMatch(/^definition-changed: .*\bg\b/);
  });
});

describe('a challenge that rests on sorry elsewhere', () => {
  test('cannot be judged', async () => {
    const challenge =
      'def g : Nat := 1 + sorry\ndef f : Nat := sorry\ntheorem t : f = f ∧ N.g = 1 := by sorry'.replace(
        'def g',
        'def N.g',
      );
    const tasks = [...parseChallenge(challenge, { environment: CORE })];
    expect(tasks.map(({ kind }) => kind)).toEqual(['definition', 'problem']);
    const hidden =
      'def g : Nat := 1 + sorry\nnotation "gg" => g\ndef f : Nat := sorry\ntheorem t : f = gg := by sorry';
    await expect(verdictOn('t', hidden, hidden)).rejects.toThrow(UnjudgeableError);
    await expect(verdictOn('t', hidden, hidden)).rejects.toThrow(/rests on sorry beside it/);
  });
});
