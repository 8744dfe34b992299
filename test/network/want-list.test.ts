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
  test('is one peer’s while nobody else wants it, and then everybody’s in equal shares', () => {
    const wants = new WantList(CAPACITY);
    expect(greed(wants, 'greedy 0')).toBe(CAPACITY);
    expect(wants.hasRoomFor('greedy 0')).toBe(false);
    for (let n = 1; n < 8; n++) greed(wants, `greedy ${n}`);
    expect(wants.size).toBe(CAPACITY);
    const gaveWay: string[] = [];
    expect(wants.hasRoomFor('honest')).toBe(true);
    for (let n = 0; n < 20; n++) {
      expect(wants.add(`honest ${n}`, 'honest', true, (payer) => gaveWay.push(payer))).toBe('known');
    }
    expect(new Set(gaveWay).size).toBe(8);
    for (let n = 0; n < 8; n++) expect(wants.countOf(`greedy ${n}`)).toBeGreaterThan(CAPACITY / 8 - 5);
    expect(wants.countOf('honest')).toBe(20);
    expect(wants.size).toBe(CAPACITY);
  });

  test('is not exceeded, however many peers there are, and nobody gives way to one that has as much', () => {
    const wants = new WantList(CAPACITY);
    for (let n = 0; n < 1000; n++) greed(wants, `greedy ${n}`);
    expect(wants.size).toBe(CAPACITY);
    expect(wants.hasRoomFor('another')).toBe(false);
    expect(wants.add('another', 'another', true)).toBe('full');
  });

  test('that is being asked for is given up for nobody', () => {
    const wants = new WantList(4);
    greed(wants, 'greedy');
    wants.take('greedy', 4);
    expect(wants.add('x', 'honest', true)).toBe('full');
    wants.release(['greedy 2'], 'greedy');
    expect(wants.add('x', 'honest', true)).toBe('known');
    expect(wants.add('greedy 2', 'greedy', true)).toBe('full');
  });

  test('is taken by the first who offers a record, then by who is left', () => {
    const wants = new WantList(CAPACITY);
    const count = greed(wants, 'first');
    for (let n = 0; n < count; n++) expect(wants.add(`first ${n}`, 'second', true)).toBe('known');
    expect(wants.countOf('second')).toBe(0);
    expect(wants.isHalfFree('second')).toBe(true);
    expect(wants.forget('first')).toEqual([]);
    expect([wants.countOf('first'), wants.countOf('second')]).toEqual([0, count]);
    expect(wants.isHalfFree('second')).toBe(false);
    expect(wants.add('another', 'second', true)).toBe('full');
    expect(wants.forget('second')).toHaveLength(count);
    expect(wants.countOf('second')).toBe(0);
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
        const wants = new WantList(6);
        for (const { do: what, id: one, peer: by } of steps) {
          if (what === 'add') wants.add(one, by, true);
          if (what === 'got') wants.got(one);
          if (what === 'refuse') wants.refuse([one], by);
          if (what === 'release') wants.release([one], by);
          if (what === 'take') wants.take(by, 2);
          if (what === 'forget') wants.forget(by);
          const counted = ['a', 'b', 'c'].reduce((sum, each) => sum + wants.countOf(each), 0);
          expect(counted).toBe(wants.size);
          expect(wants.size).toBeLessThanOrEqual(6);
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
