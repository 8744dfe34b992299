import { describe, expect, test } from 'vitest';
import type { LeanPool, PoolSettings, RunOptions } from '../../core/lean/pool.ts';
import { COMPILED, EASY, elaborate, ENDLESS, openPool } from './open-pool.ts';

/** Who pays for a worker that has to be replaced: with real Lean, by the order in which two peers are served. */

const LARGE = elaborate(`${COMPILED}#eval (Array.replicate 15000000 (0 : Nat)).size`);
const MODEST = 18;

interface Ask {
  readonly request: ReturnType<typeof elaborate>;
  readonly options?: Partial<RunOptions>;
}

/** Both peers ask at once, the wasteful one first; who was answered, in order. */
async function order(pool: LeanPool, times: number, { request, options }: Ask): Promise<string> {
  let served = '';
  const ask = async (peer: 'w' | 'm'): Promise<void> => {
    const what = peer === 'w' ? { request, ...options } : { request: EASY };
    await pool.run(what.request, { timeoutMs: 60_000, origin: 'peer', peer, ...what });
    served += peer;
  };
  await Promise.all([
    // Nobody is served before all have asked.
    pool.run(EASY, { timeoutMs: 60_000 }),
    ...Array.from({ length: times }, () => ask('w')),
    ...Array.from({ length: MODEST }, () => ask('m')),
  ]);
  return served;
}

describe('a peer whose request uses a worker up waits for its turn as long as the start of another takes', () => {
  test.each<[string, Partial<PoolSettings>, Ask]>([
    ['which must not serve another', {}, { request: EASY, options: { retire: true } }],
    ['which has grown', { recycleWasmBytes: 0.18e9 }, { request: LARGE }],
    ['which does not end', {}, { request: ENDLESS, options: { timeoutMs: 150 } }],
  ])('%s', async (_, settings, wasteful) => {
    const { pool, started } = openPool({ spares: 0, ...settings });
    await pool.run(EASY, { timeoutMs: 60_000 });
    expect(await order(pool, 3, wasteful)).toBe(`w${'m'.repeat(MODEST)}ww`);
    expect(started.length).toBeGreaterThanOrEqual(4);
  });

  test('which must not be asked what this user states', async () => {
    const { pool, started } = openPool({ spares: 0 });
    await pool.run(EASY, { timeoutMs: 60_000, clean: true, origin: 'peer', peer: 'w' });
    await pool.run(EASY, { timeoutMs: 60_000, clean: true });
    expect(started).toHaveLength(2);
    expect(await order(pool, 1, { request: EASY })).toBe(`${'m'.repeat(MODEST)}w`);
  });
});

test('of a worker that is used up little by little each pays a part, and not the last one all of it', async () => {
  const { pool, started } = openPool({ spares: 0 });
  const load = async (peer: string, modules: readonly string[]): Promise<void> => {
    for (const module of modules) {
      const request = { ...EASY, imports: ['Init', `Init.Data.${module}`] };
      await pool.run(request, { timeoutMs: 60_000, origin: 'peer', peer });
    }
  };
  await load('w', ['Nat', 'Int', 'List', 'Array', 'Option']);
  await load('m', ['Fin']);
  expect(started).toHaveLength(1);
  await load('m', ['Char']);
  await pool.run(EASY, { timeoutMs: 60_000 });
  expect(started).toHaveLength(2);
  expect(await order(pool, 1, { request: EASY })).toBe(`${'m'.repeat(MODEST)}w`);
});

test('what a cancelled request goes on to take counts for the peer that asked', async () => {
  const { pool } = openPool({ spares: 0 });
  await pool.run(EASY, { timeoutMs: 60_000 });
  const signal = AbortSignal.timeout(100);
  const cancelled = pool.run(ENDLESS, { timeoutMs: 60_000, origin: 'peer', peer: 'w', signal });
  await expect(cancelled).rejects.toThrow(/timeout/);
  expect(await order(pool, 1, { request: EASY })).toBe(`${'m'.repeat(MODEST)}w`);
});
