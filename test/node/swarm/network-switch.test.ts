import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { ApiClient } from '../../../core/api/index.ts';
import { openNode } from '../../../core/node/service/index.ts';
import { NetworkSwitch } from '../../../core/node/swarm/index.ts';
import { PROJECT, TEST_CACHE } from '../../support/paths.ts';

/** Knows no curator: its board stays empty, and no Lean is started for it. */
async function openQuietNode() {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-switch-'));
  const shipped = z
    .array(z.object({ key: z.string() }))
    .parse(JSON.parse(await readFile(path.join(PROJECT, 'resources/statements/curators.json'), 'utf8')));
  await mkdir(path.join(data, 'swarm'));
  await writeFile(
    path.join(data, 'swarm/curators.json'),
    JSON.stringify({ version: 1, added: [], removed: shipped.map(({ key }) => key) }),
  );
  const node = await openNode({ locations: { data, cache: TEST_CACHE } });
  const network = new NetworkSwitch(node, { data });
  const client = new ApiClient(node.service.transport());
  onTestFinished(async () => {
    await node.service.close();
    await network[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  });
  return { client, network };
}

const settings = (enabled: boolean, listen = ['/ip4/127.0.0.1/tcp/0']) => ({
  patch: {
    network: { enabled, listen, bootstrap: [], relays: [], mdns: false, dht: false, upnp: false },
  },
});

const becomes = (client: ApiClient, state: string): Promise<void> =>
  vi.waitFor(() => expect(client.state?.network.state).toBe(state), { timeout: 20_000, interval: 20 });

test('the swarm is joined and left as the settings say, and two nodes see each other', async () => {
  const [a, b] = [await openQuietNode(), await openQuietNode()];
  for (const { client, network } of [a, b]) {
    network.follow();
    await client.call('settings.update', settings(true));
    await becomes(client, 'on');
  }
  expect(a.client.state?.capabilities.find(({ name }) => name === 'network')?.available).toBe(true);
  const [address = ''] = b.network.swarm?.addresses ?? [];
  const { peer } = await a.client.call('network.dial', { address });
  expect(peer).toBe(b.client.state?.node.peer);
  await vi.waitFor(() => expect(a.client.state?.network.peers).toBe(1));
  const { items } = await a.client.call('network.peers', {});
  expect(items[0]).toMatchObject({ peer, connected: true, points: 0, proofs: 0 });

  await a.client.call('settings.update', settings(false));
  await becomes(a.client, 'off');
  expect(a.client.state?.capabilities.find(({ name }) => name === 'network')?.available).toBe(false);
  await vi.waitFor(() => expect(b.client.state?.network.peers).toBe(0), { timeout: 10_000 });
});

test('an address that cannot be listened on is told of, and can be mended', async () => {
  const { client, network } = await openQuietNode();
  network.follow();
  await client.call('settings.update', settings(true, ['/ip4/192.0.2.1/tcp/1']));
  await becomes(client, 'failed');
  expect(client.state?.network.detail).toContain('192.0.2.1');
  await client.call('settings.update', settings(true));
  await becomes(client, 'on');
});
