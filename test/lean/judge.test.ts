import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  EXPORT_LIMITS,
  EXPR,
  EXPR_WIDTH,
  ExportReader,
  LEVEL,
  NAME,
  MalformedExportError,
  type DeclarationExport,
} from '../../core/lean/judge/export.ts';
import { spawnWithNode } from '../../core/lean/index.ts';
import {
  elaborateResultSchema,
  judgeResultSchema,
  type JudgeResult,
} from '../../core/lean/protocol/index.ts';
import { LeanWorker } from '../../core/lean/worker.ts';
import { PREPARED, WORKER_ENTRY } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';

/*
 * The judging worker on its own: it is given exports as a worker would send them that a submission has taken over.
 */

let worker: LeanWorker;
const LIMITS = { timeoutMs: 60_000 };

beforeAll(async () => {
  const args = [JSON.stringify({ directory: PREPARED, imports: ['Init'], memoryLimitBytes: 2e9 })];
  worker = new LeanWorker(spawnWithNode({ entry: WORKER_ENTRY, args, readable: [PREPARED, PROJECT] }), {
    startTimeoutMs: 60_000,
  });
  await worker.ready;
});
afterAll(() => worker.dispose());

async function exportOf(source: string, part: 'goal' | 'proof'): Promise<DeclarationExport> {
  const reply = await worker.ask(
    { op: 'elaborate', imports: ['Init'], source, target: ['target'], part },
    LIMITS,
  );
  if (reply.kind !== 'answered') throw new Error(`no answer: ${JSON.stringify(reply)}`);
  const { exported, diagnostics } = elaborateResultSchema.parse(reply.result);
  if (exported?.kind !== 'exported') throw new Error(`no export: ${JSON.stringify(diagnostics)}`);
  return exported.data as DeclarationExport;
}

async function judge(statement: unknown, submission: unknown): Promise<JudgeResult> {
  const reply = await worker.ask({ op: 'judge', imports: ['Init'], statement, submission }, LIMITS);
  if (reply.kind !== 'answered') throw new Error(`no answer: ${JSON.stringify(reply)}`);
  return judgeResultSchema.parse(reply.result);
}

const TRUE = 'theorem target : 1 + 1 = 2 := by decide';
const FALSE = 'theorem target : 1 + 1 = 3 := by sorry';
const OMEGA = 'theorem target (a b : Nat) (h : a < b) : a + 1 ≤ b ∧ ¬ b ≤ a := by omega';

describe('the judging worker', () => {
  test('accepts an honest export and names its axioms', async () => {
    expect(await judge(await exportOf(OMEGA, 'goal'), await exportOf(OMEGA, 'proof'))).toEqual({
      kind: 'accepted',
      axioms: [],
    });
  });

  test('lets the kernel refuse a value of another type', async () => {
    const statement = await exportOf(FALSE, 'goal');
    // `trivial` where `sorryAx` stood: no axiom is left to betray it.
    const submission = renameConstant(await exportOf(FALSE, 'proof'), 'sorryAx', 'trivial');
    expect(await judge(statement, submission)).toMatchObject({
      kind: 'rejected',
      reason: 'kernel-refused',
      detail: expect.stringContaining('target') as string,
    });
  });

  test('lets the kernel refuse a constant that nothing declares', async () => {
    const statement = await exportOf(TRUE, 'goal');
    const submission = await exportOf(
      'theorem helper : 1 + 1 = 2 := by decide\ntheorem target : 1 + 1 = 2 := helper',
      'proof',
    );
    const target = submission.declarations.at(-1);
    expect(await judge(statement, { ...submission, declarations: [target] })).toMatchObject({
      kind: 'rejected',
      reason: 'kernel-refused',
      detail: expect.stringContaining('unknown constant') as string,
    });
  });

  test('refuses a declared axiom whatever its name, and one under the name of a library theorem', async () => {
    const statement = await exportOf(FALSE, 'goal');
    const submission = await exportOf(
      'axiom helper : 1 + 1 = 3\ntheorem target : 1 + 1 = 3 := helper',
      'proof',
    );
    expect(await judge(statement, submission)).toMatchObject({ reason: 'forbidden-axiom' });
    const renamed = renameConstant(submission, 'helper', 'propext');
    expect(await judge(statement, renamed)).toMatchObject({ kind: 'rejected' });
  });

  test('refuses what the kernel would evaluate by running compiled code', async () => {
    const source = 'theorem target : Lean.reduceBool true = Lean.reduceBool true := rfl';
    expect(await judge(await exportOf(source, 'goal'), await exportOf(source, 'proof'))).toMatchObject({
      kind: 'rejected',
      reason: 'forbidden-axiom',
      detail: expect.stringContaining('Lean.reduceBool') as string,
    });
  });

  test('refuses what is no export', async () => {
    const statement = await exportOf(TRUE, 'goal');
    for (const nonsense of [
      undefined,
      null,
      3,
      'x',
      {},
      { ...statement, exprs: [1, 2] },
      { ...statement, names: Int32Array.of(5, 0, 0) },
    ]) {
      expect(await judge(statement, nonsense)).toMatchObject({
        kind: 'rejected',
        reason: 'malformed-export',
      });
    }
  });

  test('never accepts a changed export of a false statement, and survives it', async () => {
    const statement = await exportOf(FALSE, 'goal');
    const honest = await exportOf(TRUE, 'proof');
    const sorry = await exportOf(FALSE, 'proof');
    const fields = ['names', 'levels', 'levelLists', 'exprs'] as const;
    const change = fc.record({
      field: fc.constantFrom(...fields),
      at: fc.nat(100_000),
      value: fc.oneof(fc.integer({ min: -2, max: 40 }), fc.integer()),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(honest, sorry),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (base, changes) => {
          const mutated = { ...base };
          for (const { field, at, value } of changes) {
            const copy = Int32Array.from(mutated[field]);
            if (copy.length > 0) copy[at % copy.length] = value;
            mutated[field] = copy;
          }
          const result = await judge(statement, mutated);
          expect(result.kind).toBe('rejected');
        },
      ),
      { numRuns: 400 },
    );
    expect(await judge(await exportOf(TRUE, 'goal'), honest)).toMatchObject({ kind: 'accepted' });
  });
});

describe('an export', () => {
  test('may not hold references forward or out of range', async () => {
    const data = await exportOf(OMEGA, 'proof');
    expect(() => new ExportReader(data)).not.toThrow();
    const forward = Int32Array.from(data.exprs);
    const app = forward.findIndex((value, i) => i % EXPR_WIDTH === 0 && value === EXPR.app);
    forward[app + 1] = app / EXPR_WIDTH;
    expect(() => new ExportReader({ ...data, exprs: forward })).toThrow(MalformedExportError);
    expect(() => new ExportReader({ ...data, exprs: data.exprs.subarray(1) })).toThrow(/whole number/);
  });

  test('names a thing in one way only', () => {
    const none = new Int32Array();
    const named = (kind: number, text: string): unknown => ({
      strings: [text],
      names: Int32Array.of(0, kind, 0),
      levels: none,
      levelLists: none,
      exprs: none,
      declarations: [],
    });
    for (const number of ['0', '5', '10', '12345678901234567890'])
      expect(new ExportReader(named(NAME.number, number)).nameCount).toBe(2);
    for (const number of ['05', '00', '', '-1', '+5', '5 ', '٥', '123456789012345678901'])
      expect(() => new ExportReader(named(NAME.number, number)), number).toThrow('a name with no number');
    expect(new ExportReader(named(NAME.text, 'α😀')).nameCount).toBe(2);
    for (const text of ['\uD800', 'a\uDC00', '\uDC00\uD800'])
      expect(() => new ExportReader(named(NAME.text, text))).toThrow('no Unicode');
  });

  test('may not nest names and levels deeper than they are ever read', () => {
    const empty = { strings: ['a'], levelLists: new Int32Array(), exprs: new Int32Array(), declarations: [] };
    const names = (count: number): Int32Array =>
      Int32Array.from(Array.from({ length: count }, (_, i) => [i, NAME.text, 0]).flat());
    const levels = (count: number): Int32Array =>
      Int32Array.from([
        LEVEL.zero,
        ...[0, 0],
        ...Array.from({ length: count }, (_, i) => [LEVEL.succ, i, 0]).flat(),
      ]);
    const { nameDepth, levelDepth } = EXPORT_LIMITS;
    const none = new Int32Array();
    expect(new ExportReader({ ...empty, names: names(nameDepth), levels: none }).nameCount).toBe(
      nameDepth + 1,
    );
    expect(() => new ExportReader({ ...empty, names: names(nameDepth + 1), levels: none })).toThrow(
      /components/,
    );
    expect(new ExportReader({ ...empty, names: none, levels: levels(levelDepth) }).levelCount).toBe(
      levelDepth + 1,
    );
    expect(() => new ExportReader({ ...empty, names: none, levels: levels(levelDepth + 1) })).toThrow(
      /too deep/,
    );
  });

  test('may not make long names of few strings', () => {
    const none = new Int32Array();
    const named = (text: string, depth: number): object => ({
      strings: [text],
      names: Int32Array.from(Array.from({ length: depth }, (_, i) => [i, NAME.text, 0]).flat()),
      levels: none,
      levelLists: none,
      exprs: none,
      declarations: [],
    });
    expect(new ExportReader(named('a'.repeat(100), 150)).nameCount).toBe(151);
    for (const [length, depth] of [
      [30_000, 1],
      [1000, 30],
      // Longer than any string of JavaScript's.
      [1_300_000, 500],
    ] as const)
      expect(() => new ExportReader(named('a'.repeat(length), depth))).toThrow(MalformedExportError);
    const wide = { ...named('a'.repeat(10_000), 1), names: new Int32Array(3 * 10_000) };
    expect(() => new ExportReader(wide)).toThrow(/names that are too long/);
  });

  test('is read in time though all its literals be one long number', () => {
    const count = 300_000;
    const exprs = new Int32Array(count * EXPR_WIDTH);
    for (let i = 0; i < count; i++) exprs[i * EXPR_WIDTH] = EXPR.nat;
    const none = new Int32Array();
    const literals = { names: none, levels: none, levelLists: none, exprs, declarations: [] };
    const digits = '1'.repeat(1_000_000);
    expect(new ExportReader({ ...literals, strings: [digits] }).exprCount).toBe(count);
    expect(() => new ExportReader({ ...literals, strings: [`${digits}x`] })).toThrow(/no number/);
  });

  test('may not hold a bound variable whose index Lean would not keep', () => {
    const variable = (index: number): object => ({
      strings: [],
      names: new Int32Array(),
      levels: new Int32Array(),
      levelLists: new Int32Array(),
      exprs: Int32Array.of(EXPR.bvar, index, 0, 0, 0),
      declarations: [],
    });
    expect(new ExportReader(variable(1000)).exprCount).toBe(1);
    expect(() => new ExportReader(variable(2 ** 20))).toThrow(/bound variable/);
  });
});

function renameConstant(data: DeclarationExport, from: string, to: string): DeclarationExport {
  return { ...data, strings: data.strings.map((text) => (text === from ? to : text)) };
}
