import { expect, test } from 'vitest';
import { EASY, ENDLESS, LIMITS, openPool } from './open-pool.ts';

const PEER = { ...LIMITS, origin: 'peer', peer: 'slow' } as const;
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
