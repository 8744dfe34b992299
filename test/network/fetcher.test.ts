import { describe, expect, test } from 'vitest';
import { encodeClaim } from '../../core/record/index.ts';
import type { Offence } from '../../core/network/reputation/offences.ts';
import { claimOf, claimsOf, identityOf } from './support/claims.ts';
import { fetcherOf, honest, type AskedPeer } from './support/fetcher.ts';
import { MemoryStore } from './support/memory-store.ts';
import { bodyOf, LIMITS } from './support/records-server.ts';

describe('fetching from several peers', () => {
  const until = async (condition: () => boolean): Promise<void> => {
    await expect.poll(condition, { interval: 5, timeout: 10_000 }).toBe(true);
  };

  test('gets all, each once, and spreads the work', async () => {
    const claims = claimsOf(0, 120);
    const ids = claims.map((claim) => claim.signed.id);
    const store = new MemoryStore();
    const { fetcher, events } = fetcherOf(store, { a: honest(claims), b: honest(claims), c: honest(claims) });
    await Promise.all(['a', 'b', 'c'].map((peer) => fetcher.want(ids, peer, true)));
    await until(() => store.held.size === 120);
    expect(store.received).toHaveLength(120);
    const from = new Set(events.flatMap((event) => (event.type === 'record-received' ? [event.from] : [])));
    expect(from.size).toBe(3);
    await fetcher.stop();
  });

  test('counts what a peer has named and another gave, and nothing that it made up', async () => {
    const claims = claimsOf(0, 5);
    const ids = claims.map((claim) => claim.signed.id);
    const store = new MemoryStore();
    const may = Promise.withResolvers<undefined>();
    const { fetcher } = fetcherOf(store, {
      fast: async (channel) => {
        await may.promise;
        await honest(claims)(channel);
      },
      slow: () => Promise.resolve(),
    });
    await fetcher.want(ids, 'fast', true);
    expect(await fetcher.need([...ids, claimOf(99).signed.id], 'slow')).toEqual({ room: true, proved: 0 });
    may.resolve(undefined);
    await until(() => store.held.size === 5);
    expect(await fetcher.need([claimOf(98).signed.id], 'slow')).toEqual({ room: true, proved: 5 });
    fetcher.forget('slow');
    expect(await fetcher.need([], 'slow')).toEqual({ room: true, proved: 0 });
    await fetcher.stop();
  });

  test('asks another peer where one lies, is silent, breaks off or has nothing', async () => {
    const claims = claimsOf(0, 20);
    const ids = claims.map((claim) => claim.signed.id);
    const liars: Record<string, AskedPeer> = {
      garbage: (channel) => channel.write(new Uint8Array([1]), LIMITS),
      silent: () => Promise.resolve(),
      broken: (channel) => {
        channel.abort(new Error('gone'));
        return Promise.resolve();
      },
      empty: honest([]),
      // Where another peer is asked for the record, it is not even what was asked for.
      swapped: async (channel) => {
        for (const claim of claims)
          await channel.write(bodyOf(claim, encodeClaim(claimOf(99))), LIMITS).catch(() => undefined);
      },
    };
    const store = new MemoryStore();
    const { fetcher, blamed } = fetcherOf(store, { ...liars, honest: honest(claims) });
    for (const peer of Object.keys(liars)) await fetcher.want(ids, peer, true);
    await fetcher.want(ids, 'honest', true);
    await until(() => store.held.size === 20);
    const offences = new Map(blamed);
    expect(offences.get('honest')).toBeUndefined();
    const deserved: Record<string, Offence[]> = {
      garbage: ['malformed'],
      silent: [],
      broken: [],
      empty: ['phantom'],
      swapped: ['forged', 'malformed'],
    };
    for (const [peer, offence] of blamed) expect(deserved[peer]).toContain(offence);
    await fetcher.stop();
  });

  test('leaves one that is silent alone, and the room that its offers took to others', async () => {
    const claims = claimsOf(0, 40);
    const ids = claims.map((claim) => claim.signed.id);
    const store = new MemoryStore();
    const { fetcher, events, blamed, unavailable, asked } = fetcherOf(
      store,
      { silent: () => Promise.resolve(), honest: honest(claims) },
      { capacity: 40 * 9 },
    );
    await fetcher.want(ids, 'silent', true);
    await until(() => fetcher.waiting === 0);
    expect(asked).toHaveLength(1);
    expect([...unavailable].sort()).toEqual([...ids].sort());
    expect(events.filter(({ type }) => type === 'peer-set-aside')).toMatchObject([{ peer: 'silent' }]);
    await fetcher.want(ids.slice(0, 3), 'silent', true);
    expect(fetcher.waiting).toBe(0);
    expect(unavailable).toHaveLength(43);
    await fetcher.want(ids, 'honest', true);
    await until(() => store.held.size === 40);
    expect(blamed).toEqual([]);
    await fetcher.stop();
  });

  test('blames nobody for what was offered after it was asked for', async () => {
    const claim = claimOf(1);
    const { id } = claim.signed;
    const asked = Promise.withResolvers<undefined>();
    const offered = Promise.withResolvers<undefined>();
    const late: AskedPeer = async (channel) => {
      asked.resolve(undefined);
      await offered.promise;
      await honest([])(channel);
    };
    const { fetcher, blamed, unavailable } = fetcherOf(new MemoryStore(), { late });
    await fetcher.want([id], 'late', false);
    await asked.promise;
    await fetcher.want([id], 'late', true);
    offered.resolve(undefined);
    await until(() => unavailable.length > 0);
    expect(blamed).toEqual([]);
    await fetcher.stop();
  });

  test('gives up what nobody has, and says so', async () => {
    const { fetcher, unavailable } = fetcherOf(new MemoryStore(), { a: honest([]), b: honest([]) });
    const id = claimOf(1).signed.id;
    await fetcher.want([id], 'a', false);
    await fetcher.want([id], 'b', false);
    await until(() => unavailable.length > 0);
    expect(fetcher.waiting).toBe(0);
    await fetcher.stop();
  });

  test('waits for the store before it asks again', async () => {
    const claims = claimsOf(0, 64);
    const store = new MemoryStore();
    const judged = Promise.withResolvers<boolean>();
    store.judge = () => judged.promise;
    const { fetcher, asked } = fetcherOf(store, { a: honest(claims) });
    await fetcher.want(
      claims.map((claim) => claim.signed.id),
      'a',
      true,
    );
    await until(() => store.received.length === 1);
    expect(asked).toHaveLength(1);
    judged.resolve(true);
    await until(() => store.held.size === 64);
    expect(asked).toHaveLength(4);
    await fetcher.stop();
  });

  test('does not fetch what the store refused before', async () => {
    const bad = claimOf(5, { by: identityOf(77) });
    const store = new MemoryStore();
    store.judge = () => false;
    const { fetcher, asked } = fetcherOf(store, { a: honest([bad]) });
    await fetcher.want([bad.signed.id], 'a', true);
    await until(() => store.refused.size === 1);
    await fetcher.want([bad.signed.id], 'a', true);
    expect(fetcher.waiting).toBe(0);
    expect(asked).toHaveLength(1);
    await fetcher.stop();
  });
});
