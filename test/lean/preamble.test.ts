import { afterAll, describe, expect, test } from 'vitest';
import { spawnWithNode } from '../../core/lean/index.ts';
import { LeanPool } from '../../core/lean/pool.ts';
import { preambleLength } from '../../core/lean/preamble.ts';
import { PREPARED, statement, testChecker, WORKER_ENTRY } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';

const HEADER = 'open Nat\ndef double (n : Nat) : Nat := n + n\nvariable (k : Nat)';

describe('the part of a submission that is the header', () => {
  test.each([
    ['theorem t : True := trivial', HEADER.length],
    ['/-- doc -/\ntheorem t : True := trivial', HEADER.length],
    ['private theorem t : True := trivial', HEADER.length],
    ['-- mine\n-- and on\ntheorem t : True := trivial', HEADER.length],
    ['/- mine -/ /-! and - / on -/\n@[simp] theorem t : True := trivial', HEADER.length],
    ['example : True := trivial', HEADER.length],
    ['mutual\ntheorem t : True := trivial\nend', HEADER.length],
    ['#check 1\ntheorem t : True := trivial', HEADER.length],
    ['/- /- -/ -/ theorem t : True := trivial', 0],
    ['-- theorem t : True := trivial', 0],
    ['-- mine\n| 0 => 1\ntheorem t : True := trivial', 0],
    ['deriving Repr\ntheorem t : True := trivial', 0],
    // The last command of the header may go on.
    ['in theorem t : True := trivial', 0],
    ['+ 1\ntheorem t : True := trivial', 0],
    ['theoremx', 0],
    ['', 0],
  ])('followed by %j', (rest, expected) => {
    expect(preambleLength(HEADER, `${HEADER}\n\n${rest}`)).toBe(expected);
  });

  test('is nothing where the submission begins otherwise, or the header is empty', () => {
    expect(preambleLength(HEADER, `open Int\n${HEADER}\ntheorem t : True := trivial`)).toBe(0);
    expect(preambleLength('', 'theorem t : True := trivial')).toBe(0);
    expect(preambleLength('import Std', '          \ntheorem t : True := trivial')).toBe(0);
  });
});

describe('a worker that knows a preamble', () => {
  const args = [JSON.stringify({ directory: PREPARED, imports: ['Init'], memoryLimitBytes: 2e9 })];
  const pool = new LeanPool(
    { start: () => spawnWithNode({ entry: WORKER_ENTRY, args, readable: [PREPARED, PROJECT] }) },
    {
      size: 1,
      spares: 0,
      recycleWasmBytes: 2e9,
      recycleResidentBytes: 2e9,
      idleMs: 600_000,
      startTimeoutMs: 60_000,
    },
  );
  afterAll(() => pool.dispose());

  const elaborate = async (source: string, preamble: number): Promise<unknown> => {
    const reply = await pool.run(
      { op: 'elaborate', imports: ['Init'], source, preamble, target: ['t'], part: 'proof' },
      { timeoutMs: 60_000 },
    );
    expect(reply.kind).toBe('answered');
    return reply.kind === 'answered' ? reply.result : undefined;
  };

  test.each([
    '\n\ntheorem t (h : k = 2) : double k = 4 := by\n  subst h\n  rfl',
    '\n\ntheorem t (h : k = 2) : double k = 4 := by\n  simp [h]',
    '\n\n#check k\ntheorem t : double 2 = 5 := by decide',
    '\n\ndef double := 1\ntheorem t : double = 1 := rfl',
    '\n\ntheorem t (α β 𝔸 : Type) : α = α := by\n  exact héllo',
  ])('answers as one that elaborates all of it: %j', async (rest) => {
    const source = `${HEADER}${rest}`;
    const whole = await elaborate(source, 0);
    expect(await elaborate(source, HEADER.length)).toEqual(whole);
    expect(await elaborate(source, HEADER.length)).toEqual(whole);
  });

  test('elaborates all of it where the preamble by itself has errors', async () => {
    const source = 'open Nat in\ntheorem t : 1 + 1 = 2 := rfl';
    const preamble = 'open Nat in'.length;
    expect(await elaborate(source, preamble)).toEqual(await elaborate(source, 0));
    expect(await elaborate(source, preamble)).toMatchObject({ failed: false });
  });

  test('keeps only some preambles', async () => {
    for (let i = 0; i < 12; i++) {
      const preamble = `def number : Nat := ${i}`;
      const source = `${preamble}\ntheorem t : number = ${i} := rfl`;
      expect(await elaborate(source, preamble.length)).toMatchObject({ failed: false });
    }
    const source = 'def number : Nat := 0\ntheorem t : number = 0 := rfl';
    expect(await elaborate(source, 'def number : Nat := 0'.length)).toMatchObject({ failed: false });
  });
});

test('statements with a header are judged as before, with what it opens and declares', async () => {
  await using checker = testChecker();
  const target = statement('theorem t : double k = k + k', HEADER);
  const proof = (body: string): string => `${HEADER}\n\ntheorem t : double k = k + k := ${body}`;
  const verdicts = [];
  for (const body of ['rfl', 'by unfold double; rfl', 'by omega']) {
    verdicts.push((await checker.check(target, proof(body))).verdict.kind);
  }
  expect(verdicts).toEqual(['proved', 'proved', 'failed']);
});
