import { afterAll, describe, expect, test } from 'vitest';
import type { LeanBackEnd } from '../../core/lean/back-end.ts';
import { LeanChecker, spawnWithNode, UnjudgeableError, type LeanProcess } from '../../core/lean/index.ts';
import {
  EXPR,
  ExportReader,
  NAME,
  type Declaration,
  type DeclarationExport,
} from '../../core/lean/judge/export.ts';
import { axiomInFilling } from '../../core/lean/judge/holes.ts';
import { replayOrder } from '../../core/lean/judge/replay-order.ts';
import { LeanPool } from '../../core/lean/pool.ts';
import type { WorkerRequest } from '../../core/lean/protocol/index.ts';
import type { Verdict } from '../../core/record/index.ts';
import { CORE, PREPARED, statement, WORKER_ENTRY } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';

/** Definitions left open, where a worker that a source has taken over says what it likes. */

const start = (): LeanProcess =>
  spawnWithNode({
    entry: WORKER_ENTRY,
    args: [JSON.stringify({ directory: PREPARED, imports: ['Init'], memoryLimitBytes: 2e9 })],
    readable: [PREPARED, PROJECT],
  });
const pool = new LeanPool(
  { start },
  {
    size: 1,
    spares: 1,
    recycleWasmBytes: 1e9,
    recycleResidentBytes: 2e9,
    idleMs: 600_000,
    startTimeoutMs: 60_000,
  },
);
afterAll(() => pool.dispose());

type Forge = (exported: Record<string, unknown>) => unknown;

/** A checker whose elaborating workers send other exports than Lean made, of statements or of submissions. */
function checkerWith(part: 'goal' | 'proof', forge: Forge): LeanChecker {
  const elaborators: LeanBackEnd = {
    run: async (request: WorkerRequest, options) => {
      const reply = await pool.run(request, options);
      if (request.op !== 'elaborate' || request.part !== part || reply.kind !== 'answered') return reply;
      const result = reply.result as { exported: Record<string, unknown> };
      return { ...reply, result: { ...result, exported: forge(result.exported) } };
    },
    warmUp: () => pool.warmUp(),
    dispose: () => Promise.resolve(),
  };
  return new LeanChecker(
    { elaborators, judges: pool },
    { identity: { name: 'x', version: '1' }, environment: CORE, defaultTimeoutMs: 60_000 },
  );
}

const OPEN = statement('theorem target : f = f', 'def f : Nat := sorry');
const ask = (checker: LeanChecker): Promise<Verdict> =>
  checker.checkOpen(OPEN, ['f'], 'def f : Nat := 1\ntheorem target : f = f := rfl');

const NONSENSE: readonly unknown[] = [
  undefined,
  null,
  5,
  'x',
  {},
  { declarations: 5 },
  { declarations: [null] },
];

describe('an export that is none', () => {
  test('of a statement makes it one that cannot be judged', async () => {
    for (const data of NONSENSE)
      await expect(ask(checkerWith('goal', (exported) => ({ ...exported, data })))).rejects.toThrow(
        UnjudgeableError,
      );
    for (const exported of [5, { kind: 'x' }])
      await expect(ask(checkerWith('goal', () => exported))).rejects.toThrow(UnjudgeableError);
  });

  test('of a statement that ends like one proves nothing', async () => {
    const data = { declarations: [{ kind: 'goal' }] };
    expect(await ask(checkerWith('goal', (exported) => ({ ...exported, data })))).toMatchObject({
      kind: 'rejected',
      reason: 'malformed-export',
    });
  });

  test('of a submission is rejected', async () => {
    for (const data of NONSENSE)
      expect(await ask(checkerWith('proof', (exported) => ({ ...exported, data })))).toMatchObject({
        kind: 'rejected',
        reason: 'malformed-export',
      });
    expect(await ask(checkerWith('proof', () => ({ kind: 'unfinished' })))).toMatchObject({
      kind: 'rejected',
      reason: 'malformed-export',
    });
  });

  test('is not there where nothing was forged', async () => {
    expect(await ask(checkerWith('proof', (exported) => exported))).toMatchObject({ kind: 'proved' });
  });
});

describe('what a definition is made of', () => {
  const [GOAL, HOLE, AXIOM, FIRST] = [1, 2, 3, 4];
  const common = { levelParams: [], type: 0 };

  function reader(
    names: readonly string[],
    exprs: readonly number[][],
    declarations: Declaration[],
  ): ExportReader {
    const data: DeclarationExport = {
      strings: [...names],
      names: Int32Array.from(names.flatMap((_, i) => [0, NAME.text, i])),
      levels: Int32Array.of(0, 0, 0),
      levelLists: new Int32Array(),
      exprs: Int32Array.from(exprs.flat()),
      declarations,
    };
    return new ExportReader(data);
  }

  const sort = [EXPR.sort, 0, 0, 0, 0];
  const constant = (name: number): number[] => [EXPR.const, name, 0, 0, 0];

  /** `f` uses every constructor of a type, and all of their types share one large part. */
  function sharing(leaf: number, constructors = 2000, size = 200_000): ExportReader {
    const names = ['target', 'f', 'propext', 'T', ...Array.from({ length: constructors }, (_, i) => `c${i}`)];
    const exprs = [sort, constant(leaf)];
    for (let i = 0; i < size; i++) exprs.push([EXPR.app, exprs.length - 1, 0, 0, 0]);
    const large = exprs.length - 1;
    let value = 0;
    for (let i = 0; i < constructors; i++) {
      exprs.push(constant(FIRST + 1 + i));
      exprs.push([EXPR.app, value, exprs.length - 1, 0, 0]);
      value = exprs.length - 1;
    }
    const type = {
      name: FIRST,
      type: 0,
      constructors: Array.from({ length: constructors }, (_, i) => ({
        name: FIRST + 1 + i,
        type: large,
      })),
    };
    return reader(names, exprs, [
      { kind: 'inductive', levelParams: [], numParams: 0, types: [type] },
      { kind: 'definition', name: HOLE, ...common, value, hints: 'abbrev' },
      { kind: 'theorem', name: GOAL, ...common, value: 0 },
    ]);
  }

  const open = reader(
    ['target', 'f'],
    [sort],
    [
      { kind: 'hole', name: HOLE, ...common },
      { kind: 'goal', name: GOAL, ...common },
    ],
  );
  const axiomIn = (submission: ExportReader): string | undefined =>
    axiomInFilling(open, replayOrder(open, submission, open.nameKey(GOAL)));

  test('is looked through once, in whatever way it is shared', () => {
    expect(axiomIn(sharing(FIRST))).toBeUndefined();
    expect(axiomIn(sharing(AXIOM))).toBe('the definition of f rests on propext');
  });

  test('is what the kernel is given, not another declaration of the same name', () => {
    const names = ['target', 'f', 'propext', 'g'];
    const declarations = (value: number): Declaration[] => [
      { kind: 'definition', name: FIRST, ...common, value, hints: 'abbrev' },
      { kind: 'definition', name: HOLE, ...common, value: 2, hints: 'abbrev' },
      { kind: 'theorem', name: GOAL, ...common, value: 0 },
    ];
    const exprs = [sort, constant(AXIOM), constant(FIRST)];
    const statementOfG = reader(names, exprs, [
      { kind: 'definition', name: FIRST, ...common, value: 1, hints: 'abbrev' },
      { kind: 'hole', name: HOLE, ...common },
      { kind: 'goal', name: GOAL, ...common },
    ]);
    const submission = reader(names, exprs, declarations(0));
    const additions = replayOrder(statementOfG, submission, submission.nameKey(GOAL));
    expect(axiomInFilling(statementOfG, additions)).toBe('the definition of f rests on propext');
  });
});
