import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { makeStatement, submissionSource, type Statement } from '../../core/record/index.ts';
import { negate } from '../../core/statement/index.ts';
import { statementRecord } from '../record/generators.ts';
import { CORE, statement, testChecker } from '../support/lean.ts';

const checker = testChecker();
afterAll(() => checker.dispose());

function negationOf(target: Statement): Statement {
  const negation = negate(target);
  if (negation.kind === 'unsupported') throw new Error(negation.detail);
  return negation.statement;
}

const under = (header: string, formal: string, name: string): Statement =>
  makeStatement({ environment: CORE, header, formal, name });

/** What Lean says of a proof of the negation. */
async function disprove(target: Statement, proof: string): Promise<string> {
  const negation = negationOf(target);
  return (await checker.check(negation, submissionSource(negation, proof))).verdict.kind;
}

describe('the negation of a statement', () => {
  test('closes over binders and variables outside every scope of the header', () => {
    const header =
      'import Std\n\nnamespace A.B\nsection S\nvariable {α : Type} [Inhabited α]\nend S\nvariable (n : Nat)';
    const negation = negationOf(under(header, 'theorem t (h : 0 < n) : n = 1', 'A.B.t'));
    expect(negation).toMatchObject({
      name: 'A.B.t_disproof',
      formal: 'theorem A.B.t_disproof : ¬A.B.t_statement',
    });
    expect(negation.header.split('\n').map((line) => line.trim())).toEqual([
      'import Std',
      '',
      'section',
      '',
      ...header.split('\n').slice(2),
      '',
      'abbrev t_statement : Prop :=',
      '∀',
      '(n : Nat)',
      '(h : 0 < n)',
      ',',
      'n = 1',
      '',
      'end B',
      'end A',
      'end',
    ]);
  });

  test.each([
    ['no type', 'theorem t'],
    ['no name', 'theorem : True'],
    ['two commands', 'theorem t : True := trivial\ntheorem s : True'],
    ['a comment that is not closed', 'theorem t : True /- '],
  ])('is not stated of a text with %s', (_, formal) => {
    expect(negate(under('', formal, 't')).kind).toBe('unsupported');
  });

  test.each([
    ['a variable whose binder changes', 'variable (n : Nat)\nvariable {n}'],
    ['an end of nothing', 'end A'],
    ['an open mutual block', 'mutual'],
    ['an end of the file', '#exit'],
    ['an open string', 'def s := "'],
  ])('is not stated under a header with %s', (_, header) => {
    expect(negate(under(header, 'theorem t : True', 't')).kind).toBe('unsupported');
  });

  test('is a statement or a refusal whatever the text, and always the same', () => {
    fc.assert(
      fc.property(statementRecord, (record) => {
        const target = makeStatement(record);
        expect(negate(target)).toEqual(negate(target));
      }),
    );
  });

  test('does not depend on what is not the statement itself', () => {
    const target = statement('theorem t : 1 = 2');
    const annotated = makeStatement({ ...identityOf(target), informal: 'one is two', tags: ['x'] });
    expect(negationOf(annotated).id).toBe(negationOf(target).id);
  });
});

describe('real Lean', () => {
  test.each<[string, Statement, string]>([
    ['no binders', statement('theorem t : 1 + 1 = 3'), 'by decide'],
    [
      'binders',
      statement('theorem t (n : Nat) (h : 2 < n) : n < 5'),
      'fun h => absurd (h 5 (by decide)) (by decide)',
    ],
    [
      'all kinds of binders',
      statement('theorem t {n : Nat} [Inhabited (Fin n)] ⦃m : Nat⦄ (_ : n = n) k : n + m = k'),
      'fun h => by have := @h 1 ⟨0⟩ 0 rfl 5; omega',
    ],
    [
      'explicit universes',
      under('', 'theorem t.{u} (α : Type u) (a b : α) : a = b', 't'),
      'fun h => by have := h (ULift Bool) ⟨true⟩ ⟨false⟩; simp at this',
    ],
    [
      'a universe that Lean binds itself',
      statement('theorem t (α : Type v) : Nonempty α'),
      'fun h => (h PEmpty).elim (fun x => x.elim)',
    ],
    [
      'namespaces, variables and opens',
      under(
        'open List\nnamespace Deep.Down\nvariable {α : Type} (xs : List α)',
        'theorem t : reverse xs = xs',
        'Deep.Down.t',
      ),
      'fun h => by have := h [1, 2]; simp at this',
    ],
    [
      'a layout that counts columns',
      statement(
        'theorem t (n : Nat) : (match n with\n                       | 0 => True\n                       | _ => False)',
      ),
      'fun h => h 1',
    ],
    [
      'a name of several components',
      under('', 'theorem Nat.«a b» (n : Nat) : succ n = 0', 'Nat.«a b»'),
      'fun h => by have := h 0; omega',
    ],
  ])('accepts a disproof: %s', async (_, target, proof) => {
    expect(await disprove(target, proof)).toBe('proved');
  });

  test.each<[string, Statement, string]>([
    [
      'a variable without values',
      under('variable (n : Fin 0)', 'theorem t : n.val = 7', 't'),
      'fun _ => n.elim0',
    ],
    [
      'a false hypothesis among the variables',
      under('variable (h : False)', 'theorem t : 1 = 1 ∧ (h.elim : True) = trivial', 't'),
      'h.elim',
    ],
  ])('accepts no empty disproof: %s', async (_, target, proof) => {
    await checker.checkStatement(target);
    expect(await disprove(target, proof)).toBe('failed');
  });

  test.each<[string, Statement]>([
    [
      'an instance that contradicts itself',
      under('class Absurd : Prop where h : False\nvariable [Absurd]', 'theorem t : 1 = 2', 't'),
    ],
    ['a name that Lean binds itself', statement('theorem t (xs : List α) : xs = []')],
  ])('never states less than the negation: %s', async (_, target) => {
    await checker.checkStatement(target);
    const negation = negationOf(target);
    const outcome = await checker.checkStatement(negation).then(
      () => 'elaborates',
      (error: unknown) => (error as Error).name,
    );
    // Closed over, or not stated at all; never an argument of the negation.
    if (outcome === 'elaborates') {
      expect(await disprove(target, 'fun _ => Absurd.h.elim')).toBe('failed');
    } else {
      expect(outcome).toBe('UnjudgeableError');
    }
  });
});

/** The fields that a statement's id counts. */
function identityOf({ environment, header, formal, name }: Statement) {
  return { environment, header, formal, name };
}
