import { afterAll, describe, expect, test } from 'vitest';
import { makeStatement, type Statement } from '../../core/record/index.ts';
import { CORE, statement, testChecker } from '../support/lean.ts';

/*
 * Statements come from strangers too. What one of them does when it is elaborated must not change what another is taken
 * to mean, and a submission must not be able to prove a statement's name instead of its text.
 */

const checker = testChecker();
afterAll(() => checker.dispose());

const stated = (header: string, formal: string, name = 'target'): Statement =>
  makeStatement({ environment: CORE, header, formal, name });

const FALSE = 'theorem target : 1 + 1 = 3';

/** Lean ends a token where nobody else would. */
const HIDDEN = [
  'def c := \'a\'macro "two" : term => `(2)',
  'notation "§a" => 0\ndef c := §amacro "two" : term => `(2)',
  '/-/-/ macro "two" : term => `(2) -- -/ -/',
  '/-- -- -/ /- /-\n-/ def p := 1 macro "two" : term => `(2) -- -/',
];

/** Nothing in the text says so: the type of a parameter's tactics is had from another's, and with it a `Syntax` to compute. */
const COMPUTED_TACTICS = [
  'theorem P (h : True := by trivial) : True := trivial',
  'def getS {γ : Type} {F : γ → Prop} {s : γ} (_f : F s → True) : γ := s',
  'def mkV {γ : Type} {F : γ → Prop} {s : γ} (_f : F s → True) (t : γ) : F t → True := fun _ => trivial',
  'def S := getS @P',
  'def V := mkV @P S',
  'theorem use : True := V',
].join('\n');

describe('a statement whose text hides that it runs code', () => {
  const target = stated(COMPUTED_TACTICS, 'theorem target : 2 = 1 + 1');
  const submission = `${COMPUTED_TACTICS}\ntheorem target : 2 = 1 + 1 := rfl`;

  test('is not judged for a peer', async () => {
    await expect(checker.check(target, submission, { origin: 'peer' })).rejects.toMatchObject({
      name: 'UnjudgeableError',
      reason: 'statement',
    });
  });

  test('is judged for this user, by a worker of its own', async () => {
    expect((await checker.check(target, submission)).verdict).toMatchObject({ kind: 'proved' });
  });
});

describe('a statement that runs code', () => {
  test('is judged like any other', async () => {
    const target = stated('macro "two" : term => `(2)\n#eval 1 + 1', 'theorem target : two = 1 + 1');
    const submission = 'macro "two" : term => `(2)\ntheorem target : two = 1 + 1 := rfl';
    expect((await checker.check(target, submission)).verdict).toMatchObject({ kind: 'proved' });
  });

  test.each([
    ['macro "two" : term => `(2)', 'theorem target : two = 1 + 1'],
    ['@[term_parser] def p := dbgSleep 10 fun _ => termDepIfThenElse', 'theorem target : 2 = 1 + 1'],
    ['def q := termIfThenElse\nattribute [term_parser] q', 'theorem target : 2 = 1 + 1'],
    ['set_option debug.skipKernelTC true', 'theorem target : 2 = 1 + 1'],
    ['def f (n : Nat) : Nat := unsafeCast n', 'theorem target : 2 = 1 + 1'],
    ...HIDDEN.map((header): [string, string] => [header, 'theorem target : two = 1 + 1']),
  ])('is not judged for a peer: nobody could know what it means (%s)', async (header, theorem) => {
    const target = stated(header, theorem);
    const submission = `${header}\n${theorem} := rfl`;
    await expect(checker.check(target, submission, { origin: 'peer' })).rejects.toMatchObject({
      name: 'UnjudgeableError',
      reason: 'statement',
    });
  });

  test.each(HIDDEN)('may hide it behind what stands before it: Lean reads %s', async (header) => {
    const target = stated(header, 'theorem target : two = 1 + 1');
    const submission = `${header}\ntheorem target : two = 1 + 1 := rfl`;
    expect((await checker.check(target, submission)).verdict).toMatchObject({ kind: 'proved' });
  });

  test.each([
    ['state of the elaborator', 'import Lean\nopen Lean\nrun_cmd searchPathRef.set []'],
    [
      'threads',
      'partial def spin (n : Nat) : IO Nat := if n = 0 then pure 0 else spin (n + 1)\n' +
        '#eval (do let _ ← IO.asTask (spin 1) .dedicated : IO Unit)',
    ],
    [
      'memory',
      'unsafe def scribble : IO Unit := do\n  let mut a : ByteArray := unsafeCast (1024 : USize)\n' +
        '  for i in [0:100000] do a := a.uset i.toUSize 0xff lcProof\n#eval scribble',
    ],
    ['working directory', '#eval IO.Process.setCurrentDir "/tmp"'],
  ])('leaves no %s behind for the next', async (what, header) => {
    await checker.checkStatement(stated(header, 'theorem target : True')).catch(() => {});
    // Loads modules anew, so that the files of the library are looked for again.
    const next = stated(
      'import Std.Data.TreeMap\nimport Std.Data.HashSet',
      `theorem target : "${what}" = "x"`,
    );
    await expect(checker.checkStatement(next)).resolves.toBeUndefined();
    const easy = (await checker.check(next, 'theorem target : True := trivial')).verdict;
    expect(easy).toMatchObject({ kind: 'rejected', reason: 'statement-changed' });
  });

  test('and never ends cannot be judged; the next can', async () => {
    const endless = 'partial def loop (n : Nat) : IO Unit := loop (n + 1)\n#eval loop 0';
    const check = checker.checkStatement(stated(endless, FALSE), { timeoutMs: 2000 });
    await expect(check).rejects.toMatchObject({ name: 'UnjudgeableError', reason: 'resources' });
    const next = statement('theorem target : 2 + 2 = 4');
    expect((await checker.check(next, 'theorem target : 2 + 2 = 4 := rfl')).verdict.kind).toBe('proved');
  });
});

describe('a header', () => {
  const easier = 'theorem target : True := by sorry';

  test.each([
    [
      'that hides an easier theorem behind a namespace',
      `set_option warn.sorry false in\n${easier}\nnamespace A`,
    ],
    [
      'that hides an easier theorem and makes the next private',
      `set_option warn.sorry false in\n${easier}\nprivate`,
    ],
    ['that gives `sorry` another meaning', 'local notation "sorry" => (True.intro : True)'],
    [
      'that rewrites the proof to come',
      `theorem target : True := trivial\nmacro_rules | \`(command| theorem $_ : $_ := $_) => \`(example : True := by sorry)`,
    ],
  ])('%s cannot be judged', async (_, header) => {
    const check = checker.check(stated(header, FALSE), 'theorem target : True := trivial');
    await expect(check).rejects.toMatchObject({ name: 'UnjudgeableError', reason: 'statement' });
  });

  test('that rests on a hidden sorry cannot be proved from it', async () => {
    const header = 'set_option warn.sorry false in\ntheorem cheat : 1 + 1 = 3 := by sorry';
    const { verdict } = await checker.check(stated(header, FALSE), `${header}\n${FALSE} := cheat`);
    expect(verdict).toMatchObject({ kind: 'rejected', reason: 'forbidden-axiom' });
  });

  test('with an axiom cannot be proved from it', async () => {
    const header = 'axiom cheat : 1 + 1 = 3';
    const { verdict } = await checker.check(stated(header, FALSE), `${header}\n${FALSE} := cheat`);
    expect(verdict).toMatchObject({ kind: 'rejected', reason: 'forbidden-axiom' });
  });
});

test('an id that is not that of the content is worth nothing', async () => {
  const hard = statement(FALSE);
  const easy = { ...statement('theorem target : True'), id: hard.id };
  expect((await checker.check(easy, 'theorem target : True := trivial')).verdict.kind).toBe('proved');
  expect((await checker.check(hard, 'theorem target : True := trivial')).verdict).toMatchObject({
    kind: 'rejected',
    reason: 'statement-changed',
    detail:
      'the statement changed: expected `target : 1 + 1 = 3`, found `target : True` (the shape of the type differs)',
  });
});

test('what a submission states instead is shown as one line without control characters', async () => {
  const long = JSON.stringify('x'.repeat(600));
  const submission = `theorem target («a\u202eb\u2028c» : Nat) : ${long} = ${long} := rfl`;
  const { verdict } = await checker.check(statement(FALSE), submission);
  expect(verdict).toMatchObject({ kind: 'rejected', reason: 'statement-changed' });
  if (verdict.kind !== 'rejected') return;
  expect(verdict.detail).toMatch(
    /^the statement changed: expected `target : 1 \+ 1 = 3`, found `target \(«a b c» : Nat\) : "xxx/,
  );
  expect(verdict.detail).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(verdict.detail.length).toBeLessThan(1500);
});
