import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boundAt,
  boundBetween,
  compareBounds,
  compareKeys,
  END,
  START,
} from '../../core/network/sync/key.ts';
import { RecordSet } from '../../core/network/sync/record-set.ts';
import { key, keysOf, nameOf, numberedKey, setOf, sorted } from './support/keys.ts';

describe('an ordered set of record keys', () => {
  test('holds what a sorted list holds, whatever is added and taken away', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 400 }), (steps) => {
        const set = new RecordSet();
        const model = new Map<string, (typeof steps)[number][1]>();
        for (const [add, one] of steps) {
          const known = model.has(nameOf(one));
          if (add) model.set(nameOf(one), one);
          else model.delete(nameOf(one));
          expect(add ? set.add(one) : set.delete(one)).toBe(add ? !known : known);
        }
        const keys = sorted([...model.values()]);
        expect(keysOf(set).map(nameOf)).toEqual(keys.map(nameOf));
        for (const [, one] of steps) {
          expect(set.has(one)).toBe(model.has(nameOf(one)));
          expect(set.rank(boundAt(one))).toBe(keys.filter((other) => compareKeys(other, one) < 0).length);
        }
      }),
    );
  });

  test('stays whole through splits of leaves and branches, in any order of arrival', () => {
    const keys = Array.from({ length: 20_000 }, (_, n) => numberedKey(n));
    const ascending = setOf(keys);
    const descending = setOf(keys.toReversed());
    const mixed = setOf(keys.toSorted((a, b) => Buffer.compare(a.digest, b.digest)));
    for (const set of [ascending, descending, mixed]) {
      expect(set.size).toBe(keys.length);
      for (const n of [0, 1, 127, 128, 4095, 4096, 9999, 19_999])
        expect(nameOf(set.at(n))).toBe(nameOf(numberedKey(n)));
      expect(set.summary(START, END)).toEqual(ascending.summary(START, END));
      const from = boundAt(numberedKey(777));
      const to = boundAt(numberedKey(15_001));
      expect(set.summary(from, to)).toEqual(setOf(keys.slice(777, 15_001)).summary(START, END));
    }
  });

  test('gives a range the fingerprint of a set that holds just that range', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), key, key, (keys, one, other) => {
        const [low, high] = [one, other].toSorted(compareKeys);
        if (low === undefined || high === undefined) return;
        const inside = keys.filter((k) => compareKeys(k, low) >= 0 && compareKeys(k, high) < 0);
        expect(setOf(keys).summary(boundAt(low), boundAt(high))).toEqual(setOf(inside).summary(START, END));
      }),
    );
  });

  test('has another fingerprint for any other set', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 100 }), key, (keys, extra) => {
        const without = setOf(keys.filter((one) => nameOf(one) !== nameOf(extra)));
        const withIt = setOf([...keys, extra]);
        expect(withIt.summary(START, END).fingerprint).not.toEqual(without.summary(START, END).fingerprint);
      }),
    );
  });

  test('refuses ranks that are not there', () => {
    expect(() => new RecordSet().at(0)).toThrow(RangeError);
    expect(() => setOf([numberedKey(1)]).at(1)).toThrow(RangeError);
  });
});

test('a bound between neighbours divides them, and is no longer than it must be', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      fc.pre(nameOf(one) !== nameOf(other));
      const [below, at] = [one, other].toSorted(compareKeys);
      if (below === undefined || at === undefined) return;
      const bound = boundBetween(below, at);
      expect(compareBounds(boundAt(below), bound)).toBeLessThan(0);
      expect(compareBounds(bound, boundAt(at))).toBeLessThanOrEqual(0);
      if (bound.prefix.length > 0) {
        const shorter = { ...bound, prefix: bound.prefix.slice(0, -1) };
        expect(compareBounds(shorter, boundAt(below))).toBeLessThanOrEqual(0);
      }
    }),
  );
});
