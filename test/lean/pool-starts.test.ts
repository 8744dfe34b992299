import { expect, test, vi } from 'vitest';
import { LeanUnavailableError } from '../../core/lean/index.ts';
import type { LeanPool, RunOptions } from '../../core/lean/pool.ts';
import { EASY, LIMITS, openPool } from './open-pool.ts';

/** Who gets a worker started for it, and what becomes of the pool where none can be. */

test('a flood of peers does not keep what this user states from the clean worker that it needs', async () => {
  const { pool } = openPool();
  await pool.run(EASY, LIMITS);
  const enough = 600;
  let served = 0;
  let over = false;
  const flood = async (options: Partial<RunOptions>): Promise<void> => {
    while (!over && served < enough) {
      await pool.run(EASY, { ...LIMITS, ...options });
      if (options.origin === 'peer') served++;
    }
  };
  const clean = { origin: 'peer', clean: true } as const;
  const flooding = [
    flood({ ...clean, peer: 'a' }),
    flood({ ...clean, peer: 'b' }),
    flood({ origin: 'own' }),
    flood({ origin: 'own' }),
  ];
  await vi.waitFor(() => expect(served).toBeGreaterThan(5), { timeout: 20_000 });
  await pool.run(EASY, { ...LIMITS, origin: 'own', clean: true });
  expect(served).toBeLessThan(enough);
  over = true;
  await Promise.all(flooding);
});

/** Refuses to start anything while it is told to, as a system without memory does. */
function refusing(): { refuse: boolean; beforeStart: () => void } {
  const system = {
    refuse: true,
    beforeStart: (): void => {
      if (system.refuse) throw new Error('spawn ENOMEM');
    },
  };
  return system;
}

const answers = (pool: LeanPool): Promise<unknown> => pool.run(EASY, LIMITS);

test('where no process can be made who waits is told so, and the next request is answered again', async () => {
  const system = refusing();
  const { pool } = openPool({ spares: 0, beforeStart: system.beforeStart });
  await expect(answers(pool)).rejects.toThrow(LeanUnavailableError);
  await expect(answers(pool)).rejects.toThrow('ENOMEM');
  system.refuse = false;
  expect(await answers(pool)).toMatchObject({ kind: 'answered' });
});

test('a worker that dies while no other can be made takes nothing with it', async () => {
  const system = refusing();
  system.refuse = false;
  const { pool, started } = openPool({ spares: 0, beforeStart: system.beforeStart });
  await answers(pool);
  system.refuse = true;
  started[0]?.kill();
  await vi.waitFor(() => expect(pool.workers).toEqual([]), { timeout: 20_000 });
  await expect(answers(pool)).rejects.toThrow(LeanUnavailableError);
  system.refuse = false;
  expect(await answers(pool)).toMatchObject({ kind: 'answered' });
});

test('workers that were started for what was cancelled are stopped, too', async () => {
  const { pool, started } = openPool({ spares: 0, idleMs: 10 });
  const cancelled = pool.run(EASY, { ...LIMITS, signal: AbortSignal.timeout(50) });
  await expect(cancelled).rejects.toThrow(/timeout/);
  expect(started).toHaveLength(1);
  await vi.waitFor(() => expect(pool.workers).toEqual([]), { timeout: 20_000 });
});

test('workers that were started ahead of need are stopped where there is none', async () => {
  const { pool, started } = openPool({ spares: 0, idleMs: 10 });
  await pool.warmUp();
  await vi.waitFor(() => expect(pool.workers).toEqual([]), { timeout: 20_000 });
  expect(started).toHaveLength(1);
});
