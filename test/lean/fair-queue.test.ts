import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairQueue, type Lane } from '../../core/lean/fair-queue.ts';

const always = (): boolean => true;

/** Serves, one at a time, lanes that each keep so many requests waiting, of so many milliseconds. */
function serve(
  lanes: readonly { lane: Lane; waiting: number; cost: number }[],
  turns: number,
): Map<Lane, number> {
  const queue = new FairQueue<{ cost: number }>();
  const served = new Map<Lane, number>();
  for (const { lane, waiting, cost } of lanes) {
    for (let i = 0; i < waiting; i++) queue.add(lane, { cost });
  }
  for (let i = 0; i < turns; i++) {
    const next = queue.take(always);
    if (next === undefined) break;
    const { lane, item } = next;
    queue.charge(lane, item.cost);
    served.set(lane, (served.get(lane) ?? 0) + item.cost);
    queue.add(lane, { cost: item.cost });
  }
  return served;
}

const lanesArbitrary = fc
  .array(fc.record({ waiting: fc.integer({ min: 1, max: 50 }), cost: fc.integer({ min: 1, max: 100 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((peers) => peers.map((peer, i) => ({ lane: `peer:${i}` as Lane, ...peer })));

describe('a fair queue', () => {
  test('gives own work half of the time whatever peers send, and each peer as much as any other', () => {
    fc.assert(
      fc.property(lanesArbitrary, fc.integer({ min: 1, max: 100 }), (peers, cost) => {
        const served = serve([{ lane: 'own', waiting: 1, cost }, ...peers], 3000);
        const total = [...served.values()].reduce((sum, used) => sum + used, 0);
        const own = served.get('own') ?? 0;
        expect(Math.abs(own - total / 2)).toBeLessThanOrEqual(100);
        const each = peers.map(({ lane }) => served.get(lane) ?? 0);
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(100);
      }),
      { numRuns: 50 },
    );
  });

  test('lets a side that was idle claim little of the time it left to the other', () => {
    const queue = new FairQueue<string>();
    queue.add('own', 'o');
    queue.charge('own', 3_600_000);
    for (let i = 0; i < 100; i++) queue.add('peer:a', `a${i}`);
    let before = 0;
    for (let next = queue.take(always); next?.lane === 'peer:a'; next = queue.take(always)) {
      queue.charge('peer:a', 1000);
      before++;
    }
    expect(before).toBe(10);
  });

  test('keeps the order within a lane, and passes over what cannot be served', () => {
    const queue = new FairQueue<number>();
    for (const item of [1, 2, 3]) queue.add('own', item);
    expect(queue.take((item) => item > 1)?.item).toBe(2);
    expect(queue.take(always)?.item).toBe(1);
    expect(queue.take((item) => item > 9)).toBeUndefined();
    expect(queue.size).toBe(1);
  });

  test('forgets what is removed or drained', () => {
    const queue = new FairQueue<number>();
    for (const item of [1, 2, 3]) queue.add('peer:x', item);
    expect(queue.remove(2)).toBe(true);
    expect(queue.remove(2)).toBe(false);
    expect(queue.drain()).toEqual([1, 3]);
    expect(queue.take(always)).toBeUndefined();
  });
});
