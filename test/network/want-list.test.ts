import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WantList } from '../../core/network/records/want-list.ts';

const CAPACITY = 800;

/** Offers so many records that nobody else has. Returns how many were taken. */
function greed(wants: WantList, peer: string): number {
  const before = wants.size;
  for (let n = 0; n < 2 * CAPACITY; n++) wants.add(`${peer} ${n}`, peer, true);
  return wants.size - before;
}

describe('the room for wanted records', () => {
  test('is not filled by one peer, nor by eight', () => {
    const wants = new WantList(CAPACITY);
    const taken = Array.from({ length: 8 }, (_, n) => greed(wants, `greedy ${n}`));
    for (const count of taken) expect(count).toBeLessThanOrEqual(CAPACITY / 8);
    expect(wants.add('greedy 0 more', 'greedy 0', true)).toBe('full');
    expect(greed(wants, 'honest')).toBeGreaterThan(CAPACITY / 32);
  });

  test('is not exceeded, however many peers there are', () => {
    const wants = new WantList(CAPACITY);
    for (let n = 0; n < 1000; n++) greed(wants, `greedy ${n}`);
    expect(wants.size).toBe(CAPACITY);
    expect(wants.filledBy('another')).toBe(Infinity);
  });

  test('is taken by the first who offers a record, then by who is left', () => {
    const wants = new WantList(CAPACITY);
    const count = greed(wants, 'first');
    for (let n = 0; n < count; n++) expect(wants.add(`first ${n}`, 'second', true)).toBe('new');
    expect(wants.filledBy('second')).toBe(0);
    expect(wants.forget('first')).toEqual([]);
    expect(wants.filledBy('first')).toBe(0);
    expect(wants.add('another', 'second', true)).toBe('full');
    expect(wants.forget('second')).toHaveLength(count);
    expect(wants.filledBy('second')).toBe(0);
    expect(wants.size).toBe(0);
  });

  test('is each peer’s again once its records are here, given up or offered by others, in any order', () => {
    const peer = fc.constantFrom('a', 'b', 'c');
    const id = fc.constantFrom(...Array.from({ length: 10 }, (_, n) => `${n}`));
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), id, peer }),
      fc.record({ do: fc.constantFrom('got' as const, 'refuse' as const, 'release' as const), id, peer }),
      fc.record({ do: fc.constantFrom('take' as const, 'forget' as const), id, peer }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const wants = new WantList(20);
        for (const { do: what, id: one, peer: by } of steps) {
          if (what === 'add') wants.add(one, by, true);
          if (what === 'got') wants.got(one);
          if (what === 'refuse') wants.refuse([one], by);
          if (what === 'release') wants.release([one], by);
          if (what === 'take') wants.take(by, 2);
          if (what === 'forget') wants.forget(by);
          const room = 20 - wants.size;
          const counted = ['a', 'b', 'c'].reduce((sum, each) => sum + wants.filledBy(each) * (room / 8), 0);
          expect(counted).toBeCloseTo(wants.size);
        }
        for (const each of ['a', 'b', 'c']) wants.forget(each);
        expect(wants.size).toBe(0);
      }),
    );
  });
});

test('what a peer that left was asked for, others are asked for; its late answer does not undo that', () => {
  const wants = new WantList(CAPACITY);
  wants.add('x', 'gone', true);
  wants.add('x', 'here', true);
  expect(wants.take('gone', 1)).toEqual(['x']);
  expect(wants.hasFor('here')).toBe(false);
  expect(wants.forget('gone')).toEqual([]);
  expect(wants.take('here', 1)).toEqual(['x']);
  wants.refuse(['x'], 'gone');
  expect(wants.hasFor('here')).toBe(false);
});
