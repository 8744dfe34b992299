import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { becomes, openQuietNode, settings } from './quiet-node.ts';

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

test('what could not be joined can be left, and is tried again by itself', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { client, network } = await openQuietNode(undefined, { retryMs: 100 });
  network.follow();
  await client.call('settings.update', settings(true, [`/ip4/127.0.0.1/tcp/${port}`]));
  await becomes(client, 'failed');
  await client.call('settings.update', settings(false));
  await becomes(client, 'off');
  await client.call('settings.update', settings(true, [`/ip4/127.0.0.1/tcp/${port}`]));
  await becomes(client, 'failed');
  taken.close();
  await becomes(client, 'on');
});
