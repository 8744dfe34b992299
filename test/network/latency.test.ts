import { afterEach, expect, test } from 'vitest';
import { claimOf, claimsOf, CORE, keyOf } from './support/claims.ts';
import { MemoryStore } from './support/memory-store.ts';
import { SlowLine, type LineInit } from './support/slow-line.ts';
import { eventsOf, startNode, stopAll, type TestNode } from './support/swarm.ts';

/** Nodes far from each other. The delays are made within this process, as not every machine's kernel can make them. */
const FAR = 150;

const nodes: TestNode[] = [];
const lines: SlowLine[] = [];

afterEach(async () => {
  await stopAll(nodes.splice(0));
  await Promise.all(lines.splice(0).map((line) => line[Symbol.asyncDispose]()));
});

const until = (condition: () => boolean, message: string): Promise<void> =>
  expect.poll(condition, { interval: 20, timeout: 60_000, message }).toBe(true);

/** One node, and another that finds it at the far end of a line, and comes back whenever the line was cut. */
async function farApart(near: MemoryStore, far: MemoryStore, init: LineInit) {
  const there = await startNode({ store: far });
  nodes.push(there);
  const address = there.network.addresses()[0] ?? '';
  const line = await SlowLine.to(Number(/\/tcp\/(\d+)/.exec(address)?.[1]), init);
  lines.push(line);
  const here = await startNode({ store: near, settings: { bootstrap: [line.addressOf(address)] } });
  nodes.push(here);
  return { here, there, line };
}

const blamed = (node: TestNode) => [...eventsOf(node, 'peer-penalised'), ...eventsOf(node, 'peer-set-aside')];

test('over a long line two sets become one in few round trips', { timeout: 90_000 }, async () => {
  const near = new MemoryStore([...claimsOf(0, 600), claimOf(2000)]);
  const far = new MemoryStore([...claimsOf(0, 590), ...claimsOf(3000, 3040)]);
  const { here, there } = await farApart(near, far, { delayMs: FAR });
  await until(() => near.held.size === 641 && far.held.size === 641, 'both have all');
  expect(near.ids).toEqual(far.ids);
  const [first] = eventsOf(here, 'sync-finished').filter(({ needed }) => needed > 0);
  expect(first?.roundTrips).toBeLessThanOrEqual(4);
  expect([...blamed(here), ...blamed(there)]).toEqual([]);
});

test('over a long line what is announced arrives, and its body too', { timeout: 90_000 }, async () => {
  const { here, there } = await farApart(new MemoryStore(), new MemoryStore(), { delayMs: FAR });
  await until(() => here.network.stats().listeners === 1 && there.network.stats().listeners === 1, 'a swarm');
  const claim = claimOf(1);
  there.store.put(claim);
  const { id, createdAt } = keyOf(claim);
  await there.network.announceProof({ record: id, statement: claim.statement.id, createdAt }, CORE);
  await until(() => here.store.held.has(id), 'it is here');
  expect([...blamed(here), ...blamed(there)]).toEqual([]);
});

test(
  'over a narrow line that breaks again and again all arrives in the end',
  { timeout: 90_000 },
  async () => {
    const far = new MemoryStore(claimsOf(0, 700));
    const near = new MemoryStore();
    const { here, line } = await farApart(near, far, { delayMs: 30, bytesPerSecond: 400_000 });
    for (const share of [100, 250, 450]) {
      await until(() => near.held.size >= share, `${share} records`);
      line.cut();
    }
    await until(() => near.held.size === 700, 'all of them');
    expect(eventsOf(here, 'peer-disconnected').length).toBeGreaterThanOrEqual(3);
    // What was there when the line broke was not fetched anew.
    expect(near.received).toHaveLength(700);
    expect(blamed(here)).toEqual([]);
  },
);
