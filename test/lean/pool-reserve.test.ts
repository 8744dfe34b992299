import { expect, test } from 'vitest';
import { COMPILED, EASY, elaborate, ENDLESS, LIMITS, openPool } from './open-pool.ts';

const PEER = { ...LIMITS, origin: 'peer', peer: 'slow' } as const;
/** For a while. */
const SLOW = elaborate(`${COMPILED}#eval IO.sleep 1500`);
const OWN = { ...LIMITS, origin: 'own' } as const;

test('own work never waits for a peer’s, and a peer’s does not take what is kept for it', async () => {
  const { pool, started } = openPool({ spares: 0, reserve: 1 });
  await pool.run(EASY, PEER);
  const stop = new AbortController();
  const slow = pool.run(ENDLESS, { ...PEER, signal: stop.signal });
  const ended = expect(slow).rejects.toThrow('long enough');
  let another = false;
  const waits = pool.run(EASY, { ...PEER, peer: 'another' }).then(() => (another = true));
  expect(started).toHaveLength(1);
  for (let i = 0; i < 3; i++) expect(await pool.run(EASY, OWN)).toMatchObject({ kind: 'answered' });
  expect(another).toBe(false);
  expect(started).toHaveLength(2);
  stop.abort(new Error('long enough'));
  await ended;
  await waits;
});

test('there is no more than one worker where only peers ask, or only this user', async () => {
  const { pool, started } = openPool({ spares: 0, reserve: 1 });
  await Promise.all(Array.from({ length: 5 }, () => pool.run(EASY, PEER)));
  await Promise.all(Array.from({ length: 5 }, () => pool.run(EASY, OWN)));
  expect(started).toHaveLength(1);
});

test('where none more can be started, own work waits for the one that there is', async () => {
  let starts = 0;
  const { pool } = openPool({
    spares: 0,
    reserve: 1,
    beforeStart: () => {
      if (++starts > 1) throw new Error('no memory');
    },
  });
  await pool.run(EASY, PEER);
  const slow = pool.run(SLOW, PEER);
  const own = pool.run(EASY, OWN);
  expect(starts).toBeGreaterThan(1);
  expect(await Promise.all([slow, own])).toMatchObject([{ kind: 'answered' }, { kind: 'answered' }]);
  expect(pool.workers).toHaveLength(1);
});

test('a worker that own work has not needed for long is given up, however busy peers are', async () => {
  const { pool } = openPool({ spares: 0, reserve: 1, idleMs: 5000 });
  await pool.run(EASY, PEER);
  let slow = pool.run(SLOW, PEER);
  await pool.run(EASY, OWN);
  expect(pool.workers).toHaveLength(2);
  const started = performance.now();
  while (pool.workers.length > 1) {
    const next = pool.run(SLOW, PEER);
    await slow;
    slow = next;
    expect(performance.now() - started).toBeLessThan(30_000);
  }
  expect(await slow).toMatchObject({ kind: 'answered' });
});
