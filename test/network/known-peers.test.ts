import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createNetwork, type Network } from '../../core/network/index.ts';
import { KnownPeers, MAX_KNOWN_PEERS } from '../../core/network/node/known-peers.ts';
import { createIdentity } from '../../core/record/index.ts';
import { MemoryStore } from './support/memory-store.ts';

const peerOf = (n: number): string => {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, n + 1);
  return createIdentity(seed).peer;
};

async function file(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-peers-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return path.join(directory, 'peers.json');
}

test('those met last are kept over restarts, so many and so long', async () => {
  const where = await file();
  let now = 1_000_000_000_000;
  const known = await KnownPeers.open(where, () => now);
  for (let n = 0; n < MAX_KNOWN_PEERS + 5; n++) {
    now++;
    known.met(peerOf(n), [`/ip4/10.0.0.1/tcp/${n + 1}`, 'x'.repeat(301)], true);
  }
  known.met(peerOf(0), [], true);
  known.forget(peerOf(MAX_KNOWN_PEERS));
  await known.close();
  const again = (await KnownPeers.open(where, () => now)).all();
  expect(again).toHaveLength(MAX_KNOWN_PEERS - 1);
  expect(again[0]).toMatchObject({ peer: peerOf(MAX_KNOWN_PEERS + 4), addresses: ['/ip4/10.0.0.1/tcp/205'] });
  now += 31 * 86_400_000;
  expect((await KnownPeers.open(where, () => now)).all()).toEqual([]);
});

test('however many dial in, those that were reached keep half of the places, and come first', async () => {
  const where = await file();
  const known = await KnownPeers.open(where);
  const meet = (n: number, dialled: boolean): void =>
    known.met(peerOf(n), [`/ip4/10.0.0.1/tcp/${n + 1}`], dialled);
  for (let n = 0; n < MAX_KNOWN_PEERS; n++) meet(n, true);
  // It was reached once: that it has come by itself this time takes nothing from it.
  meet(150, false);
  for (let n = 1000; n < 1000 + 3 * MAX_KNOWN_PEERS; n++) meet(n, false);
  await known.close();
  const again = (await KnownPeers.open(where)).all();
  const half = MAX_KNOWN_PEERS / 2;
  expect(again).toHaveLength(MAX_KNOWN_PEERS);
  expect(again[0]?.peer).toBe(peerOf(150));
  expect(again.map(({ dialled }) => dialled)).toEqual([
    ...Array.from({ length: half }, () => true),
    ...Array.from({ length: half }, () => false),
  ]);
  expect(again[half]?.peer).toBe(peerOf(1000 + 3 * MAX_KNOWN_PEERS - 1));
});

test('a file of a version that did not tell who was reached is read', async () => {
  const where = await file();
  const one = { peer: peerOf(1), addresses: ['/ip4/10.0.0.1/tcp/1'], metAt: Date.now() };
  await writeFile(where, JSON.stringify({ format: 'proofswarm-peers', version: 1, peers: [one] }));
  expect((await KnownPeers.open(where)).all()).toEqual([{ ...one, dialled: false }]);
});

test.each(['', '{', '{"format":"proofswarm-peers","version":1,"peers":[{}]}', 'x'.repeat(2_000_000)])(
  'a damaged file counts as none, and is replaced',
  async (content) => {
    const where = await file();
    await writeFile(where, content);
    const known = await KnownPeers.open(where);
    expect(known.all()).toEqual([]);
    known.met(peerOf(1), ['/ip4/10.0.0.1/tcp/1'], true);
    await known.close();
    expect(JSON.parse(await readFile(where, 'utf8'))).toMatchObject({ peers: [{ peer: peerOf(1) }] });
  },
);

test(
  'a node finds its peer again after a restart, though nobody tells it where',
  { timeout: 60_000 },
  async () => {
    const peersFile = await file();
    const make = async (n: number, more: { peersFile?: string } = {}): Promise<Network> => {
      const seed = new Uint8Array(32).fill(n);
      const network = await createNetwork(
        { identity: createIdentity(seed), store: new MemoryStore() },
        { settings: { listen: ['/ip4/127.0.0.1/tcp/0'], mdns: false, dht: false, autonat: false }, ...more },
      );
      onTestFinished(() => network.stop());
      await network.start();
      return network;
    };
    const other = await make(91);
    const first = await make(92, { peersFile });
    await first.dial(other.addresses()[0] ?? '');
    await vi.waitFor(() => expect(first.stats().listeners + first.peers().length).toBeGreaterThan(0));
    // What it knows is written when it stops, once the other has said who it is.
    await vi.waitFor(
      async () => {
        await first.sync(other.peer);
        expect(first.peers()[0]?.connections.length).toBe(1);
      },
      { timeout: 20_000 },
    );
    await first.stop();
    expect(JSON.parse(await readFile(peersFile, 'utf8'))).toMatchObject({
      peers: [{ peer: other.peer, dialled: true }],
    });
    const again = await make(92, { peersFile });
    await vi.waitFor(() => expect(again.peers().map(({ peer }) => peer)).toEqual([other.peer]), {
      timeout: 20_000,
    });
  },
);
