import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LeanPool } from '../../../core/lean/pool.ts';
import { elaborateResultSchema } from '../../../core/lean/protocol/index.ts';
import { spawnWithNode } from '../../../core/lean/index.ts';
import { splitImports } from '../../../core/lean/source.ts';
import { PREPARED, WORKER_ENTRY } from '../../support/lean.ts';
import { NATIVE_PROGRAMS } from '../../support/native-lean.ts';
import { PROJECT } from '../../support/paths.ts';

/**
 * Our programs in Lean, type-checked by real Lean. The embedded Lean cannot run them, as it compiles too little; that they
 * do what they say is to be tried with a native one.
 */
describe('our programs in Lean', { timeout: 180_000 }, () => {
  let pool: LeanPool;
  beforeAll(() => {
    const args = [JSON.stringify({ directory: PREPARED, imports: ['Init'], memoryLimitBytes: 2.2e9 })];
    pool = new LeanPool(
      { start: () => spawnWithNode({ entry: WORKER_ENTRY, args, readable: [PREPARED, PROJECT] }) },
      {
        size: 1,
        spares: 0,
        recycleWasmBytes: 2e9,
        recycleResidentBytes: 2e9,
        idleMs: 60_000,
        startTimeoutMs: 60_000,
      },
    );
  });
  afterAll(() => pool.dispose());

  test.each(Object.entries(NATIVE_PROGRAMS))('%s is well typed, without a warning', async (_, file) => {
    const source = splitImports(await readFile(file, 'utf8'));
    if (source.kind !== 'source') throw new Error(source.detail);
    expect(source.imports).toEqual(['Lean']);
    const reply = await pool.run(
      { op: 'elaborate', imports: ['Init', 'Lean'], source: source.body },
      { timeoutMs: 150_000 },
    );
    expect(reply.kind).toBe('answered');
    const result = elaborateResultSchema.parse(reply.kind === 'answered' ? reply.result : undefined);
    expect(result).toEqual({ diagnostics: [], omitted: 0, failed: false });
  });
});
