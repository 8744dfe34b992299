import { expect, onTestFinished, test } from 'vitest';
import type { ClaimedProof, ContentId } from '../../core/record/index.ts';
import { claimOf, claimsOf, CORE, keyOf } from './support/claims.ts';
import { fetcherOf, honest, type AskedPeer } from './support/fetcher.ts';
import { MemoryStore } from './support/memory-store.ts';
import { connect, startNode, type TestNode } from './support/swarm.ts';

const until = (condition: () => boolean, timeout = 5000): Promise<void> =>
  expect.poll(condition, { interval: 5, timeout }).toBe(true);

const idsOf = (claims: readonly ClaimedProof[]): ContentId[] => claims.map(({ signed }) => signed.id);

/** A store which takes what of these it is given only when it is told to, as a full account of the verifier does. */
function storeThatKeepsWaiting(claims: readonly ClaimedProof[]): { store: MemoryStore; open: () => void } {
  const store = new MemoryStore();
  const held = new Set(idsOf(claims));
  const opened = Promise.withResolvers<boolean>();
  store.judge = (claim) => (held.has(claim.signed.id) ? opened.promise : true);
  return { store, open: () => opened.resolve(true) };
}

async function start(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  onTestFinished(() => node.network.stop());
  return node;
}

test('a peer that fills its share of the room leaves others theirs, and hears when it has room again', async () => {
  const claims = claimsOf(0, 200);
  const [greedy, others] = [claims.slice(0, 180), claims.slice(180)];
  const size = 60;
  const { store, open } = storeThatKeepsWaiting(greedy);
  const peers = { greedy: honest(greedy), honest: honest(others) };
  const { fetcher, roomFor, asked } = fetcherOf(store, peers, { capacity: size });
  onTestFinished(() => fetcher.stop());
  onTestFinished(open);
  await fetcher.want(idsOf(greedy), 'greedy', true);
  expect(fetcher.waitingFrom('greedy')).toBe(size);
  await fetcher.want(idsOf(others), 'honest', true);
  expect(fetcher.waitingFrom('honest')).toBe(20);
  await until(() => store.held.size === 20 && fetcher.waiting === size - 20);
  expect(asked.filter((peer) => peer === 'greedy')).toHaveLength(1);
  expect(roomFor).not.toContain('greedy');
  open();
  await until(() => roomFor.includes('greedy'));
});

test('answers that wait for the store keep nobody else from being asked', async () => {
  const claims = claimsOf(0, 70);
  const slow = claims.slice(0, 60);
  const { store, open } = storeThatKeepsWaiting(slow);
  const names = ['s0', 's1', 's2', 's3', 's4', 's5'];
  const share = (n: number): ClaimedProof[] => slow.slice(10 * n, 10 * n + 10);
  const peers = Object.fromEntries(names.map((name, n): [string, AskedPeer] => [name, honest(share(n))]));
  const { fetcher, asked } = fetcherOf(
    store,
    { ...peers, honest: honest(claims.slice(60)) },
    { maxPeers: 2, batch: 5 },
  );
  onTestFinished(() => fetcher.stop());
  onTestFinished(open);
  for (const [n, name] of names.entries()) await fetcher.want(idsOf(share(n)), name, true);
  await fetcher.want(idsOf(claims.slice(60)), 'honest', true);
  await until(() => store.held.size === 10);
  // Each that waits was asked once: what it gave is all of its that is kept in memory.
  expect(asked.filter((peer) => peer !== 'honest').sort()).toEqual(names);
  open();
  await until(() => store.held.size === 70);
});

test('what a peer did not give is asked of others while the rest of its answer waits', async () => {
  const claims = claimsOf(0, 4);
  const { store, open } = storeThatKeepsWaiting(claims.slice(0, 1));
  const { fetcher } = fetcherOf(store, { slow: honest(claims.slice(0, 1)), honest: honest(claims) });
  onTestFinished(() => fetcher.stop());
  onTestFinished(open);
  await fetcher.want(idsOf(claims), 'slow', false);
  await fetcher.want(idsOf(claims), 'honest', true);
  await until(() => store.held.size === 3);
});

test('nobody is asked while too many bytes wait for the store', async () => {
  const claims = claimsOf(0, 20);
  const [slow, others] = [claims.slice(0, 10), claims.slice(10)];
  const { store, open } = storeThatKeepsWaiting(slow);
  const peers = { slow: honest(slow), honest: honest(others) };
  const { fetcher, asked } = fetcherOf(store, peers, { maxHeldBytes: 1000 });
  onTestFinished(() => fetcher.stop());
  onTestFinished(open);
  await fetcher.want(idsOf(slow), 'slow', true);
  await until(() => store.received.length === 1);
  await fetcher.want(idsOf(others), 'honest', true);
  expect(asked).toEqual(['slow']);
  open();
  await until(() => store.held.size === 20);
});

test('a peer that offers more than there is room for keeps a node from nothing that others announce or hold', async () => {
  const greed = claimsOf(100, 220);
  const { store, open } = storeThatKeepsWaiting(greed);
  const settings = { records: { capacity: 90 }, sync: { settleMs: 200 } };
  const victim = await start({ store, settings });
  onTestFinished(open);
  const greedy = await start({ store: new MemoryStore(greed) });
  const other = await start();
  await connect(greedy, victim);
  await until(() => victim.store.received.length === 1, 20_000);
  await connect(other, victim);
  await until(() => victim.network.stats().listeners === 2 && other.network.stats().listeners === 1, 20_000);
  // One is announced; the other is found by reconciling.
  const [announced, found] = [claimOf(1), claimOf(2)];
  for (const claim of [announced, found]) other.store.put(claim);
  const { id, createdAt } = keyOf(announced);
  await other.network.announceProof({ record: id, statement: announced.statement.id, createdAt }, CORE);
  await until(() => victim.store.held.size === 2, 20_000);
});
