import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ApiClient, type Settings } from '../../core/api/index.ts';
import { runNode } from '../../core/node/headless/index.ts';
import { TEST_CACHE } from '../support/paths.ts';

/** Finds nobody by itself, and says nothing of taking part. */
const QUIET = { listen: ['/ip4/127.0.0.1/tcp/0'], mdns: false, dht: false, upnp: false };

async function dataWith(network: Partial<Settings['network']>): Promise<string> {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-headless-'));
  onTestFinished(() => rm(data, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(path.join(data, 'settings.json'), JSON.stringify({ version: 1, network }));
  return data;
}

async function start(data: string, offline = false) {
  const node = await runNode({ locations: { data, cache: TEST_CACHE }, offline, prove: false });
  const client = new ApiClient(node.service.transport());
  let stopped: PromiseLike<void> | undefined;
  const stop = async (): Promise<void> => await (stopped ??= node[Symbol.asyncDispose]());
  onTestFinished(stop);
  const network = (): Settings['network'] => node.service.hub.state.settings.network;
  return {
    node,
    network,
    stop,
    set: (change: Partial<Settings['network']>) =>
      client.call('settings.update', { patch: { network: { ...network(), ...change } } }),
    becomes: (state: string) =>
      vi.waitFor(() => expect(node.service.hub.state.network.state).toBe(state), { timeout: 20_000 }),
  };
}

const connectTo = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve('connected');
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

test('a node joins where the settings do not say, follows them out and in again, and stays out from then on', async () => {
  const data = await dataWith(QUIET);
  const first = await start(data);
  expect(first.network().enabled).toBe(true);
  expect(first.node.swarm?.addresses.length).toBe(1);
  await first.becomes('on');
  const port = Number(first.node.swarm?.addresses[0]?.split('/')[4]);
  expect(await connectTo(port)).toBe('connected');

  await first.set({ enabled: false });
  await first.becomes('off');
  expect(first.node.swarm).toBeUndefined();
  expect(await connectTo(port)).toBe('ECONNREFUSED');
  await first.set({ enabled: true });
  await first.becomes('on');
  expect(first.node.swarm?.addresses.length).toBe(1);
  await first.set({ enabled: false });
  await first.becomes('off');
  await first.stop();

  const next = await start(data);
  expect(next.node.swarm).toBeUndefined();
  expect(next.node.service.hub.state.network.state).toBe('off');
  await next.set({ enabled: true });
  await next.becomes('on');
});

test('a node that is told to stay offline does so, whatever the settings say', async () => {
  const { node, set, stop } = await start(await dataWith({ ...QUIET, enabled: true }), true);
  await set({ enabled: false });
  await set({ enabled: true });
  // What it would have begun ends before the node does.
  await stop();
  expect(node.swarm).toBeUndefined();
  expect(node.service.hub.state.network.detail).toContain('offline');
});

test('an address that cannot be listened on keeps a node from starting', async () => {
  const data = await dataWith({ ...QUIET, listen: ['/ip4/192.0.2.1/tcp/1'] });
  await expect(start(data)).rejects.toThrow('192.0.2.1');
});
