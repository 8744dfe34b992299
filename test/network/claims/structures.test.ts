import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpiryQueue } from '../../../core/network/claims/expiry-queue.ts';
import { WeightedIndex } from '../../../core/network/claims/weighted-index.ts';
import { Random } from './simulation/random.ts';

const step = fc.oneof(
  fc.record({
    set: fc.nat(200),
    weight: fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true })),
  }),
  fc.record({ delete: fc.nat(200) }),
);

describe('a weighted index', () => {
  test('holds the weights that were set last, whatever was added and taken away', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 400 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (steps, random) => {
          const index = new WeightedIndex<number>();
          const model = new Map<number, number>();
          for (const one of steps) {
            if ('set' in one) {
              index.set(one.set, one.weight);
              model.set(one.set, one.weight);
            } else {
              index.delete(one.delete);
              model.delete(one.delete);
            }
          }
          expect(index.size).toBe(model.size);
          expect(new Set(index.keys())).toEqual(new Set(model.keys()));
          for (const [key, weight] of model) expect(index.weightOf(key)).toBe(weight);
          const total = [...model.values()].reduce((sum, weight) => sum + weight, 0);
          expect(index.total).toBeCloseTo(total, 3);
          const drawn = index.draw(random);
          if (total === 0) expect(drawn).toBeUndefined();
          else expect(model.get(drawn ?? -1)).toBeGreaterThan(0);
          expect(model.has(index.drawEvenly(random) ?? -1)).toBe(model.size > 0);
        },
      ),
    );
  });

  test('draws in proportion to weight', () => {
    const index = new WeightedIndex<string>();
    const weights = { a: 1, b: 0, c: 3, d: 6 };
    for (const [key, weight] of Object.entries(weights)) index.set(key, weight);
    const { next } = new Random(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const key = index.draw(next()) ?? '';
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, weight] of Object.entries(weights)) {
      expect((counts.get(key) ?? 0) / 20_000).toBeCloseTo(weight / 10, 1);
    }
    expect(counts.has('b')).toBe(false);
  });

  test('does not drift, however often tiny and huge weights take turns', () => {
    const index = new WeightedIndex<number>();
    for (let i = 0; i < 10_000; i++) index.set(i % 7, i % 2 === 0 ? 1e15 : 1e-3);
    for (let i = 0; i < 7; i++) index.set(i, 0);
    expect(index.total).toBe(0);
  });
});

test('an expiry queue gives back what is due, earliest first, and nothing before its time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100)), fc.nat(100), (times, now) => {
      const queue = new ExpiryQueue<number>();
      for (const time of times) queue.push(time, time);
      const due: number[] = [];
      for (let item = queue.popDue(now); item !== undefined; item = queue.popDue(now)) due.push(item);
      expect(due).toEqual(times.filter((time) => time <= now).toSorted((a, b) => a - b));
      expect(queue.size).toBe(times.length - due.length);
      expect(queue.next ?? Infinity).toBeGreaterThan(now);
    }),
  );
});
