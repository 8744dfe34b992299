import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { ApiClient } from '../../../core/api/index.ts';
import { openNode } from '../../../core/node/service/index.ts';
import { NetworkSwitch } from '../../../core/node/swarm/index.ts';
import { PROJECT, TEST_CACHE } from '../../support/paths.ts';

/**
 * Knows no curator: its board stays empty, and no Lean is started for it.
 * @param prepare what is in its data directory before it opens
 */
export async function openQuietNode(
  prepare: (data: string) => Promise<void> = () => Promise.resolve(),
  options: { readonly retryMs?: number } = {},
) {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-switch-'));
  const shipped = z
    .array(z.object({ key: z.string() }))
    .parse(JSON.parse(await readFile(path.join(PROJECT, 'resources/statements/curators.json'), 'utf8')));
  await mkdir(path.join(data, 'swarm'));
  await writeFile(
    path.join(data, 'swarm/curators.json'),
    JSON.stringify({ version: 1, added: [], removed: shipped.map(({ key }) => key) }),
  );
  await prepare(data);
  const node = await openNode({ locations: { data, cache: TEST_CACHE } });
  const network = new NetworkSwitch(node, { data, ...options });
  const client = new ApiClient(node.service.transport());
  onTestFinished(async () => {
    await node.service.close();
    await network[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  });
  return { client, network, data, node };
}

export const settings = (enabled: boolean, listen = ['/ip4/127.0.0.1/tcp/0']) => ({
  patch: {
    network: { enabled, listen, bootstrap: [], relays: [], mdns: false, dht: false, upnp: false },
  },
});

export const becomes = (client: ApiClient, state: string): Promise<void> =>
  vi.waitFor(() => expect(client.state?.network.state).toBe(state), { timeout: 20_000, interval: 20 });
