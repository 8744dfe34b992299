import { afterEach, expect, test } from 'vitest';
import type { SwarmNode } from '../../core/network/node/create-node.ts';
import { KeepConnected } from '../../core/network/node/keep-connected.ts';
import { HostilePeer } from './support/hostile.ts';

const peers: HostilePeer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer[Symbol.asyncDispose]()));
});

async function start(): Promise<SwarmNode> {
  const peer = await HostilePeer.raw();
  peers.push(peer);
  return peer.node;
}

const knownAt = (node: SwarmNode): { peer: string; addresses: string[] } => ({
  peer: node.peerId.toString(),
  addresses: node.getMultiaddrs().map(String),
});

test('those that are connected, cut off or itself keep nobody from being dialled', async () => {
  const own = await start();
  const [connected, other, denied, alsoDenied, wanted] = [
    await start(),
    await start(),
    await start(),
    await start(),
    await start(),
  ];
  await own.dial(connected.getMultiaddrs());
  await own.dial(other.getMultiaddrs());
  const isDenied = new Set([denied, alsoDenied].map(({ peerId }) => peerId.toString()));
  const keeper = new KeepConnected(own, {
    contacts: [],
    known: [own, connected, other, denied, alsoDenied, wanted].map(knownAt),
    minPeers: 8,
    isDenied: (peer) => isDenied.has(peer),
  });
  keeper.start();
  try {
    await expect.poll(() => own.getConnections(wanted.peerId).length, { timeout: 10_000 }).toBe(1);
    expect(own.getConnections(denied.peerId)).toEqual([]);
  } finally {
    keeper.stop();
  }
});
