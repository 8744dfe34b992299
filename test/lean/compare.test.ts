import { afterAll, describe, expect, test } from 'vitest';
import { compareTheorem } from '../../core/lean/judge/compare.ts';
import {
  EXPR,
  ExportReader,
  LEVEL,
  NAME,
  type Declaration,
  type DeclarationExport,
} from '../../core/lean/judge/export.ts';
import type { Verdict } from '../../core/record/index.ts';
import { statement, testChecker } from '../support/lean.ts';

describe('a name that looks as if Lean had made it up', () => {
  const checker = testChecker();
  afterAll(() => checker.dispose());

  async function verdictOn(header: string, formal: string, submission: string): Promise<Verdict> {
    return (await checker.check(statement(formal, header), submission, { timeoutMs: 60_000 })).verdict;
  }

  test.each([
    ['foo.match_1', 'bar.match_1'],
    ['foo._proof_1', 'bar._proof_1'],
    ['foo.«match_1»', 'bar.match_1'],
  ])("is the author's where the challenge says it: %s", async (theirs, other) => {
    const verdict = await verdictOn(
      `def ${theirs} : Nat := 1`,
      `theorem target : ${theirs} = 1`,
      `def ${other} : Nat := 1\ntheorem target : ${other} = 1 := rfl`,
    );
    expect(verdict).toMatchObject({ kind: 'rejected', reason: 'statement-changed' });
    const honest = `def ${theirs} : Nat := 1\ntheorem target : ${theirs} = 1 := rfl`;
    expect(
      await verdictOn(`def ${theirs} : Nat := 1`, `theorem target : ${theirs} = 1`, honest),
    ).toMatchObject({ kind: 'proved' });
  });

  test('is the author’s where a namespace gives it its beginning', async () => {
    const inside = (name: string): string => `namespace ${name}\ndef match_1 : Nat := 1\nend ${name}`;
    const verdict = await verdictOn(
      inside('foo'),
      'theorem target : foo.match_1 = 1',
      `${inside('bar')}\ntheorem target : bar.match_1 = 1 := rfl`,
    );
    expect(verdict).toMatchObject({ kind: 'rejected', reason: 'statement-changed' });
  });

  test('may be another where Lean did make it up', async () => {
    const header = 'def f (o : Option Nat) : Nat := match o with | some n => n | none => 0';
    const formal = 'theorem target : f (some 1) = 1';
    const lender = 'def lender (o : Option Nat) : Nat := match o with | some n => n + 1 | none => 5';
    const verdict = await verdictOn(header, formal, `${lender}\n${header}\n${formal} := rfl`);
    expect(verdict).toMatchObject({ kind: 'proved' });
  });

  test('may not be another where it is left open', async () => {
    const challenge = statement(
      'theorem target : a.match_1 + 1 = b.match_1',
      'def a.match_1 : Nat := sorry\ndef b.match_1 : Nat := sorry',
    );
    const submission = `opaque a.match_1 : Nat := 0
opaque b.match_1 : Nat := 1
def c.match_1 : Nat := 0
def d.match_1 : Nat := 1
theorem target : c.match_1 + 1 = d.match_1 := rfl`;
    const verdict = await checker.checkOpen(challenge, ['a.match_1', 'b.match_1'], submission, {
      timeoutMs: 60_000,
    });
    expect(verdict).toMatchObject({
      kind: 'rejected',
      reason: 'statement-changed',
      detail: expect.stringContaining('(expected b.match_1, found d.match_1)') as string,
    });
  });
});

const NOTHING = { levelParams: [], name: 1, type: 0 };
const GOAL: Declaration = { kind: 'goal', ...NOTHING };

/** `theorem t : TYPE`, as an export whose first expression it is or whose last. */
function exportOf(parts: Partial<DeclarationExport>, type: number, kind: 'goal' | 'theorem'): ExportReader {
  return new ExportReader({
    strings: ['t', 'u', 'v'],
    names: Int32Array.of(0, NAME.text, 0, 0, NAME.text, 1, 0, NAME.text, 2),
    levels: new Int32Array(),
    levelLists: new Int32Array(),
    exprs: new Int32Array(),
    ...parts,
    declarations: [kind === 'goal' ? { ...GOAL, type } : { ...NOTHING, kind: 'theorem', type, value: type }],
  });
}

describe('what shares its parts', () => {
  /** `Sort (max l l)`, where `l` is `max l' l'` and so on: 2^depth paths to the parameter. */
  function shared(kind: 'goal' | 'theorem', depth: number, param: 2 | 3): ExportReader {
    const levels = [LEVEL.param, param, 0];
    for (let i = 0; i < depth; i++) levels.push(LEVEL.max, i, i);
    const exprs = Int32Array.of(EXPR.sort, depth, 0, 0, 0);
    return exportOf({ levels: Int32Array.from(levels), exprs }, 0, kind);
  }

  test('is compared once, if it be a universe', () => {
    expect(compareTheorem(shared('goal', 200, 2), shared('theorem', 200, 2)).difference).toBeUndefined();
    expect(compareTheorem(shared('goal', 200, 2), shared('theorem', 200, 3)).difference).toMatchObject({
      reason: 'statement-changed',
      detail: expect.stringContaining('a universe differs') as string,
    });
  });

  /** Layers of as many entries, all of one meaning, each made of two of the layer below as the side chooses. */
  function layered(
    kind: 'goal' | 'theorem',
    choose: (at: number, side: 0 | 1) => number,
    count = 4096,
    layers = 26,
  ): ExportReader {
    const exprs = Array.from({ length: count }, () => [EXPR.bvar, 0, 0, 0, 0]);
    for (let layer = 0; layer < layers; layer++) {
      for (let i = 0; i < count; i++) {
        const part = (side: 0 | 1): number => layer * count + (choose(i, side) % count);
        exprs.push([EXPR.app, part(0), part(1), 0, 0]);
      }
    }
    return exportOf({ exprs: Int32Array.from(exprs.flat()) }, exprs.length - 1, kind);
  }

  test('is given up where it is shared in too many ways', () => {
    const left = layered('goal', (i, side) => 2 * i + side);
    const right = layered('theorem', (i, side) => 3 * i + 1 + side * 1367);
    expect(
      compareTheorem(
        left,
        layered('theorem', (i, side) => 2 * i + side),
      ).difference,
    ).toBeUndefined();
    expect(() => compareTheorem(left, right)).toThrow(/too long to compare/);
  });
});
