import { expect, onTestFinished, test, vi } from 'vitest';
import { eventsOf, startNode, stopAll } from '../../network/support/swarm.ts';
import { becomes, openQuietNode, settings } from './quiet-node.ts';

test('peers that nobody can dial are reached through a node whose user made it a relay', async () => {
  const { client, network } = await openQuietNode();
  network.follow();
  const { patch } = settings(true);
  await client.call('settings.update', { patch: { network: { ...patch.network, relay: true } } });
  await becomes(client, 'on');
  const undialable = { listen: [], relays: [...(network.swarm?.addresses ?? [])] };
  const [one, other] = [await startNode({ settings: undialable }), await startNode({ settings: undialable })];
  onTestFinished(() => stopAll([one, other]));
  const relayed = (): string | undefined =>
    one.network.addresses().find((address) => address.includes('/p2p-circuit'));
  await vi.waitFor(() => expect(relayed()).toBeDefined(), { timeout: 20_000 });
  expect(await other.network.dial(relayed() ?? '')).toBe(one.network.peer);
  expect(eventsOf(other, 'connection-opened')).toContainEqual(
    expect.objectContaining({ peer: one.network.peer, relayed: true }),
  );

  await client.call('settings.update', { patch: { network: { ...patch.network, relay: false } } });
  await vi.waitFor(() => expect(relayed()).toBeUndefined(), { timeout: 20_000 });
});
