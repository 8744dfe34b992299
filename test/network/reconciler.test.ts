import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolViolationError } from '../../core/network/errors.ts';
import { END, type SetKey } from '../../core/network/sync/key.ts';
import { MAX_TURN_BYTES, Reconciler } from '../../core/network/sync/reconciler.ts';
import type { RecordSet } from '../../core/network/sync/record-set.ts';
import { readTurn, TurnWriter, type Range } from '../../core/network/sync/turn.ts';
import { key, nameOf, numberedKey, setOf } from './support/keys.ts';
import { longestSlice } from './support/longest-slice.ts';

interface Found {
  /** Digests that each side learnt to lack, in hexadecimal. */
  readonly left: Set<string>;
  readonly right: Set<string>;
  readonly turns: number;
  readonly bytes: number;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Lets two sets take turns until neither asks anything more. */
async function reconcile(left: RecordSet, right: RecordSet, salt = randomBytes(16)): Promise<Found> {
  const sides = [new Reconciler(left, salt), new Reconciler(right, salt)] as const;
  const found = [new Set<string>(), new Set<string>()] as const;
  let turn = sides[0].begin();
  let bytes = 0;
  for (let turns = 1; turns < 500; turns++) {
    bytes += turn.length;
    expect(turn.length).toBeLessThanOrEqual(MAX_TURN_BYTES);
    const at = turns % 2 === 1 ? 1 : 0;
    const outcome = await sides[at].respond(turn);
    for (const digest of outcome.needed) found[at].add(hex(digest));
    if (!outcome.asked) return { left: found[0], right: found[1], turns, bytes };
    turn = outcome.reply;
  }
  throw new Error('no end');
}

const missingFrom = (own: readonly SetKey[], other: readonly SetKey[]): Set<string> => {
  const names = new Set(own.map(nameOf));
  return new Set(other.filter((one) => !names.has(nameOf(one))).map((one) => hex(one.digest)));
};

describe('range-based reconciliation', () => {
  test('tells each side exactly what it lacks', async () => {
    const keys = fc.uniqueArray(key, { selector: nameOf, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(keys, fc.func(fc.integer({ min: 0, max: 9 })), async (all, where) => {
        // Two keys may share a digest at different times here, which real records cannot.
        const unique = [...new Map(all.map((one) => [hex(one.digest), one])).values()];
        const places = unique.map((_, i) => where(i));
        const left = unique.filter((_, i) => places[i] !== 0);
        const right = unique.filter((_, i) => places[i] !== 1);
        const found = await reconcile(setOf(left), setOf(right));
        expect(found.left).toEqual(missingFrom(left, right));
        expect(found.right).toEqual(missingFrom(right, left));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['nothing and much', 0, 3000, 3000],
    ['much and nothing', 3000, 3000, 3000],
    ['halves', 0, 2000, 1000],
  ])('brings %s together', async (_, from, to, split) => {
    const all = Array.from({ length: to }, (__, n) => numberedKey(n));
    const left = all.slice(from === 0 ? split : 0);
    const right = from === 0 ? all.slice(0, split) : [];
    const found = await reconcile(setOf(left), setOf(right));
    expect(found.left).toEqual(missingFrom(left, right));
    expect(found.right).toEqual(missingFrom(right, left));
  });

  test('costs at most 3 round trips and 20 kB where 100 of 100,000 are newest', async () => {
    const shared = Array.from({ length: 99_900 }, (_, n) => numberedKey(n));
    const newest = Array.from({ length: 100 }, (_, n) => numberedKey(99_900 + n));
    const without = setOf(shared);
    const withThem = setOf([...shared, ...newest]);
    const mixed = [
      setOf([...shared, ...newest.filter((_, n) => n % 2 === 0)]),
      setOf([...shared, ...newest.filter((_, n) => n % 2 === 1)]),
    ] as const;
    for (const [left, right] of [[without, withThem], [withThem, without], mixed] as const) {
      const found = await reconcile(left, right);
      expect(found.left.size + found.right.size).toBe(100);
      expect(found.turns).toBeLessThanOrEqual(6);
      expect(found.bytes).toBeLessThanOrEqual(20_000);
    }
  });

  test('says what equal sets need in one small exchange', async () => {
    const set = setOf(Array.from({ length: 50_000 }, (_, n) => numberedKey(n)));
    const found = await reconcile(set, set);
    expect(found).toMatchObject({ left: new Set(), right: new Set(), turns: 2 });
    expect(found.bytes).toBeLessThan(1000);
  });

  test('goes on while records come in', async () => {
    const left = setOf(Array.from({ length: 4000 }, (_, n) => numberedKey(2 * n)));
    const right = setOf(Array.from({ length: 4000 }, (_, n) => numberedKey(3 * n)));
    const salt = randomBytes(16);
    const sides = [new Reconciler(left, salt), new Reconciler(right, salt)] as const;
    let turn = sides[0].begin();
    let late = 20_000;
    for (let turns = 1; turns < 200; turns++) {
      const outcome = await sides[turns % 2 === 1 ? 1 : 0].respond(turn);
      if (!outcome.asked) break;
      turn = outcome.reply;
      for (let i = 0; i < 50; i++) right.add(numberedKey(late++));
    }
    // Whatever was added while turns went on, the next session finds.
    const found = await reconcile(left, right);
    expect(found.left).toEqual(missingFrom([...left.slice(0, left.size)], [...right.slice(0, right.size)]));
  });

  test('never holds the main thread for long', async () => {
    const left = setOf(Array.from({ length: 150_000 }, (_, n) => numberedKey(n)));
    const right = setOf(
      Array.from({ length: 150_000 }, (_, n) => numberedKey(n + (n % 20 === 0 ? 1_000_000 : 0))),
    );
    const longest = await longestSlice(() => reconcile(left, right));
    expect(longest).toBeLessThan(20);
  });
});

describe('turns', () => {
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const shortId = fc.uint8Array({ minLength: 8, maxLength: 8 });
  const bound = key.map((one) => ({ time: one.time, prefix: one.digest }));
  const body = fc.oneof(
    fc.record({
      kind: fc.constant('fingerprint' as const),
      fingerprint: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    }),
    fc.record({ kind: fc.constant('list' as const), shortIds: fc.array(shortId) }),
    fc.record({
      kind: fc.constant('answer' as const),
      missing: fc.array(digest),
      wanted: fc.array(shortId),
    }),
  );

  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(bound, body), { maxLength: 20 }), fc.boolean(), (parts, toEnd) => {
        const uppers = [
          ...new Map(
            parts.map(([upper]) => [nameOf({ time: upper.time, digest: upper.prefix }), upper]),
          ).values(),
        ]
          .toSorted((a, b) => a.time - b.time || Buffer.compare(a.prefix, b.prefix))
          .filter((upper) => upper.time > 0);
        const ranges: Range[] = uppers.map((upper, i) => ({
          upper,
          ...(parts[i]?.[1] ?? { kind: 'settled' as const }),
        }));
        if (toEnd) ranges.push({ upper: END, kind: 'list', shortIds: [] });
        const writer = new TurnWriter();
        for (const range of ranges) writer.write(range);
        expect([...readTurn(writer.finish())]).toEqual(ranges);
      }),
    );
  });

  test('of any other bytes are refused, never anything worse', () => {
    const valid = new TurnWriter();
    valid.write({
      upper: { time: 5, prefix: new Uint8Array([1]) },
      kind: 'list',
      shortIds: [new Uint8Array(8)],
    });
    valid.write({ upper: END, kind: 'answer', missing: [new Uint8Array(32)], wanted: [] });
    const good = valid.finish();
    const mutated = fc
      .tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }))
      .map(([at, byte]) => good.map((old, i) => (i === at ? byte : old)));
    const cut = fc.nat(good.length).map((length) => good.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated, cut), (bytes) => {
        try {
          expect([...readTurn(bytes)].length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolViolationError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('of any bytes get a bounded answer in bounded time', async () => {
    const set = setOf(Array.from({ length: 20_000 }, (_, n) => numberedKey(n)));
    const reconciler = new Reconciler(set, new Uint8Array(16));
    const hostile = fc.array(fc.tuple(bound, body), { minLength: 1, maxLength: 30 }).map((parts) => {
      const writer = new TurnWriter();
      const uppers = parts
        .map(([upper]) => upper)
        .toSorted((a, b) => a.time - b.time || Buffer.compare(a.prefix, b.prefix));
      parts.forEach(([, part], i) =>
        writer.write({ upper: i === parts.length - 1 ? END : (uppers[i] ?? END), ...part }),
      );
      return writer.finish();
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (bytes) => {
        try {
          const { reply } = await reconciler.respond(bytes);
          expect(reply.length).toBeLessThanOrEqual(MAX_TURN_BYTES);
          expect([...readTurn(reply)]).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolViolationError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
