import { describe, expect, test } from 'vitest';
import { Hosts, noDelays, noNamespaces } from './support/namespaces.ts';
import { spawnNode, temporaryData, type SpawnedNode } from './support/spawn-node.ts';

/**
 * Nodes in processes and on hosts of their own, made of network namespaces. Whole nodes with banks on disk; Lean is left
 * out, as the story of three nodes shows it and several would not fit.
 */
const EACH = 5;
const TIMEOUT = 120_000;
const settings = { sync: { settleMs: 200, intervalMs: 2000 } };

if (noNamespaces !== undefined) console.warn(`Hosts in network namespaces are not tested: ${noNamespaces}`);
else if (noDelays !== undefined) console.warn(`Delays on the line are not tested: ${noDelays}`);

const until = (condition: () => boolean, message: string): Promise<void> =>
  expect.poll(condition, { interval: 50, timeout: TIMEOUT / 2, message }).toBe(true);

const has = (count: number) => (node: SpawnedNode) => node.added.size === count;

async function startOn(hosts: Hosts, host: number, bootstrap: readonly SpawnedNode[]): Promise<SpawnedNode> {
  return spawnNode({
    data: await temporaryData(),
    identity: 800 + host,
    finds: { first: host * 100, count: EACH, pauseMs: 100 },
    settings: {
      ...settings,
      listen: [hosts.listen(host)],
      bootstrap: bootstrap.map(({ address }) => address),
    },
    within: hosts.within(host),
  });
}

describe.skipIf(noNamespaces !== undefined)('nodes on hosts of their own', () => {
  test('that a partition has kept apart have the same when it is over', { timeout: TIMEOUT }, async () => {
    const hosts = await Hosts.make(3);
    const a = await startOn(hosts, 1, []);
    const b = await startOn(hosts, 2, [a]);
    await until(() => [a, b].every(has(2 * EACH)), 'two have what both found');
    await hosts.plug(2, false);
    // Born while the second is away, and found by the first.
    const c = await startOn(hosts, 3, [a]);
    await until(() => [a, c].every(has(3 * EACH)), 'the first and the third go on');
    expect(b.added.size).toBe(2 * EACH);
    await hosts.plug(2, true);
    await until(() => has(3 * EACH)(b), 'the second catches up');
  });

  test('that lose every tenth packet have the same in the end', { timeout: TIMEOUT }, async () => {
    const hosts = await Hosts.make(2);
    for (const host of [1, 2]) {
      await hosts.lose(host, 10);
      if (noDelays === undefined) await hosts.delay(host, 100);
    }
    const a = await startOn(hosts, 1, []);
    const b = await startOn(hosts, 2, [a]);
    await until(() => [a, b].every(has(2 * EACH)), 'both have all');
  });

  test(
    'behind a router that translates addresses give and get as others do',
    { timeout: TIMEOUT },
    async () => {
      const hosts = await Hosts.make(2);
      await hosts.hide(3, 2);
      const outside = await startOn(hosts, 1, []);
      const hidden = await spawnNode({
        data: await temporaryData(),
        identity: 803,
        finds: { first: 300, count: EACH, pauseMs: 100 },
        settings: { ...settings, listen: ['/ip4/10.78.0.2/tcp/4001'], bootstrap: [outside.address] },
        within: hosts.within(3),
      });
      await until(() => [outside, hidden].every(has(2 * EACH)), 'both have all');
    },
  );
});
