import { afterEach, expect, test } from 'vitest';
import { ListenError } from '../../core/network/index.ts';
import { claimOf, claimsOf, CORE, keyOf } from './support/claims.ts';
import { MemoryStore } from './support/memory-store.ts';
import { connect, eventsOf, startNode, stopAll, type TestNode } from './support/swarm.ts';

const nodes: TestNode[] = [];
afterEach(() => stopAll(nodes.splice(0)));

async function start(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  nodes.push(node);
  return node;
}

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 20, timeout: 30_000 }).toBe(true);

const relayedAddress = (node: TestNode): string | undefined =>
  node.network.addresses().find((address) => address.includes('/p2p-circuit'));

/** A node that nobody can dial: it listens nowhere but through the relay. */
const hidden = (relay: string, store?: MemoryStore): Promise<TestNode> =>
  start({ ...(store && { store }), settings: { listen: [], relays: [relay] } });

test('nodes that cannot be dialled meet through a relay: told as such, announced to, reconciled', async () => {
  const relay = await start({ settings: { relayServer: { enabled: true } } });
  const [address] = relay.network.addresses();
  const one = await hidden(address ?? '', new MemoryStore(claimsOf(0, 30)));
  const other = await hidden(address ?? '');
  await until(() => relayedAddress(one) !== undefined);
  await other.network.dial(relayedAddress(one) ?? '');
  await until(() => eventsOf(other, 'connection-opened').some(({ peer }) => peer === one.network.peer));
  const opened = eventsOf(other, 'connection-opened').find(({ peer }) => peer === one.network.peer);
  expect(opened).toMatchObject({ relayed: true, direction: 'outbound' });
  await until(() => other.store.held.size >= 30);
  const claim = claimOf(500);
  const { id, createdAt } = keyOf(claim);
  one.store.put(claim);
  await one.network.announceProof({ record: id, statement: claim.statement.id, createdAt }, CORE);
  await until(() => other.store.held.has(id));
  // Neither has an address of its own to punch to: nothing is claimed that did not happen.
  expect(eventsOf(other, 'upgraded-to-direct')).toEqual([]);
  for (const node of nodes) expect(eventsOf(node, 'peer-penalised')).toEqual([]);
});

test('a direct connection beside a relayed one is seen and said', async () => {
  const relay = await start({ settings: { relayServer: { enabled: true } } });
  const [address] = relay.network.addresses();
  const one = await start({ settings: { relays: [address ?? ''] } });
  const other = await hidden(address ?? '');
  await until(() => relayedAddress(one) !== undefined);
  await other.network.dial(relayedAddress(one) ?? '');
  await until(() => eventsOf(other, 'connection-opened').some(({ relayed }) => relayed));
  await connect(other, one);
  const direct = (node: TestNode, peer: TestNode): boolean =>
    node.network
      .peers()
      .some(
        (summary) =>
          summary.peer === peer.network.peer && summary.connections.some(({ relayed }) => !relayed),
      );
  await until(() => direct(other, one));
  // libp2p keeps to the connection it has, or makes a direct one; the events say which it was.
  expect(eventsOf(other, 'upgraded-to-direct').length).toBe(1);
});

/** Made when the node starts, which fails where the relay refuses. */
const reserving = (relay: string): Promise<TestNode> =>
  start({ settings: { listen: [`${relay}/p2p-circuit`], relays: [] } });

test('a relay serves so many peers and no more, and whoever goes leaves the place to another', async () => {
  const relay = await start({ settings: { relayServer: { enabled: true, reservations: 1 } } });
  const [address = ''] = relay.network.addresses();
  const one = await reserving(address);
  expect(relayedAddress(one)).toBeDefined();
  await expect(reserving(address)).rejects.toThrow(ListenError);
  await one.network.stop();
  await until(() => eventsOf(relay, 'peer-disconnected').some(({ peer }) => peer === one.network.peer));
  expect(relayedAddress(await reserving(address))).toBeDefined();
});

test('a relay makes so many connections and no more, of each peer and in all', async () => {
  const never = { perSecond: 1e-6 };
  const relay = await start({
    settings: {
      relayServer: {
        enabled: true,
        connectionsOfPeer: { ...never, burst: 1 },
        connections: { ...never, burst: 2 },
      },
    },
  });
  const [address = ''] = relay.network.addresses();
  const [one, other] = [await hidden(address), await hidden(address)];
  await until(() => [one, other].every((node) => relayedAddress(node) !== undefined));
  const dial = async (from: TestNode, to: TestNode): Promise<string> =>
    from.network.dial(relayedAddress(to) ?? '');
  const [busy, late, latest] = [await hidden(address), await hidden(address), await hidden(address)];
  expect(await dial(busy, one)).toBe(one.network.peer);
  await expect(dial(busy, other)).rejects.toThrow('PERMISSION_DENIED');
  expect(await dial(late, one)).toBe(one.network.peer);
  await expect(dial(latest, other)).rejects.toThrow('PERMISSION_DENIED');
});

test('a relayed connection ends when it has carried what it may', async () => {
  const relay = await start({ settings: { relayServer: { enabled: true, connectionBytes: 40_000 } } });
  const [address = ''] = relay.network.addresses();
  const one = await hidden(address, new MemoryStore(claimsOf(0, 200)));
  const other = await hidden(address);
  await until(() => relayedAddress(one) !== undefined);
  await other.network.dial(relayedAddress(one) ?? '');
  await until(() =>
    eventsOf(other, 'connection-closed').some(({ peer, relayed }) => relayed && peer === one.network.peer),
  );
  expect(other.store.held.size).toBeLessThan(200);
});

test('a reservation is made again when the relay comes back', async () => {
  const relay = await start({ n: 90, settings: { relayServer: { enabled: true } } });
  const [address] = relay.network.addresses();
  const node = await hidden(address ?? '');
  await until(() => relayedAddress(node) !== undefined);
  await relay.network.stop();
  await until(() => relayedAddress(node) === undefined);
  await start({
    n: 90,
    settings: { relayServer: { enabled: true }, listen: [address?.replace(/\/p2p\/.*/, '') ?? ''] },
  });
  await until(() => relayedAddress(node) !== undefined);
});
