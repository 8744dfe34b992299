import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairQueue } from '../../../core/node/swarm/fair-queue.ts';

const live = new AbortController().signal;
const queue = (capacity = 100, perAccount = 50): FairQueue<{ urgent: boolean }> =>
  new FairQueue({
    capacity,
    share: () => perAccount,
    isResting: () => false,
    isUrgent: ({ urgent }) => urgent,
  });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('FairQueue', () => {
  test("a peer's flood makes nobody wait longer than one turn", async () => {
    const waiting = queue();
    for (let i = 0; i < 40; i++) {
      await waiting.put({ key: `flood${i}`, account: 'flooder', item: { urgent: false } }, live);
    }
    await waiting.put({ key: 'mine', account: 'honest', item: { urgent: false } }, live);
    const order = [await waiting.take(live), await waiting.take(live)].map(({ key }) => key);
    expect(order).toContain('mine');
  });

  test('what the user works on comes first', async () => {
    const waiting = queue();
    await waiting.put({ key: 'a', account: 'x', item: { urgent: false } }, live);
    await waiting.put({ key: 'b', account: 'x', item: { urgent: false } }, live);
    await waiting.put({ key: 'c', account: 'y', item: { urgent: true } }, live);
    expect((await waiting.take(live)).key).toBe('c');
  });

  test('who puts into a full one waits, and is let go by its signal', async () => {
    const waiting = queue(1);
    await waiting.put({ key: 'a', account: 'x', item: { urgent: false } }, live);
    let done = false;
    const second = waiting
      .put({ key: 'b', account: 'y', item: { urgent: false } }, live)
      .then(() => (done = true));
    const given = waiting.put({ key: 'c', account: 'z', item: { urgent: false } }, AbortSignal.timeout(10));
    await expect(given).rejects.toThrow();
    expect(done).toBe(false);
    await waiting.take(live);
    await second;
    expect((await waiting.take(live)).key).toBe('b');
  });

  test('one account alone cannot fill it', async () => {
    const waiting = queue(10, 5);
    const puts = Array.from({ length: 9 }, (_, i) =>
      waiting.put({ key: `k${i}`, account: 'flooder', item: { urgent: false } }, live),
    );
    await settle();
    expect(waiting.size).toBe(5);
    await waiting.put({ key: 'other', account: 'honest', item: { urgent: false } }, live);
    expect(waiting.size).toBe(6);
    for (let i = 0; i < 10; i++) await waiting.take(live);
    await Promise.all(puts);
  });

  test('lets go of what waits on one account, and has room for others then', async () => {
    const waiting = queue(2, 2);
    await waiting.put({ key: 'a', account: 'liar', item: { urgent: false } }, live);
    await waiting.put({ key: 'b', account: 'liar', item: { urgent: true } }, live);
    const third = waiting.put({ key: 'c', account: 'honest', item: { urgent: false } }, live);
    waiting.drop('liar');
    await third;
    expect(waiting.has('a')).toBe(false);
    expect(waiting.size).toBe(1);
    expect((await waiting.take(live)).key).toBe('c');
    await waiting.put({ key: 'a', account: 'honest', item: { urgent: false } }, live);
    expect((await waiting.take(live)).key).toBe('a');
  });

  test('gives back each item once, whatever the order of puts and takes', async () => {
    const items = fc.array(fc.record({ account: fc.nat(4), urgent: fc.boolean() }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 8 }), async (given, capacity) => {
        const waiting = queue(capacity, Math.ceil(capacity / 2));
        const puts = given.map(({ account, urgent }, i) =>
          waiting.put({ key: `k${i}`, account: `a${account}`, item: { urgent } }, live),
        );
        const taken: string[] = [];
        while (taken.length < given.length) {
          taken.push((await waiting.take(live)).key);
          expect(waiting.size).toBeLessThanOrEqual(capacity);
        }
        await Promise.all(puts);
        expect(new Set(taken).size).toBe(given.length);
      }),
      { numRuns: 100 },
    );
  });

  test('whose items take long waits for those whose items do not', async () => {
    const waiting = queue();
    for (let i = 0; i < 10; i++) {
      await waiting.put({ key: `slow${i}`, account: 'slow', item: { urgent: false } }, live);
      await waiting.put({ key: `quick${i}`, account: 'quick', item: { urgent: false } }, live);
    }
    const order: string[] = [];
    for (let i = 0; i < 11; i++) {
      const { account } = await waiting.take(live);
      order.push(account);
      waiting.charge(account, account === 'slow' ? 60_000 : 10);
    }
    expect(order.filter((account) => account === 'slow')).toHaveLength(1);
  });

  test('time in which nothing of it waited gives an account no claim to more', async () => {
    const waiting = queue();
    const put = (account: string, key: string): Promise<void> =>
      waiting.put({ key, account, item: { urgent: false } }, live);
    await put('late', 'first');
    await waiting.take(live);
    for (let i = 0; i < 6; i++) await put('busy', `b${i}`);
    await waiting.take(live);
    waiting.charge('busy', 10_000);
    for (let i = 0; i < 5; i++) await put('late', `l${i}`);
    const order: string[] = [];
    for (let i = 0; i < 4; i++) {
      const { account } = await waiting.take(live);
      order.push(account);
      waiting.charge(account, 100);
    }
    expect(order.filter((account) => account === 'busy')).toHaveLength(2);
  });
});
