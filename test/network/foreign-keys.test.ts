import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noise } from '@libp2p/noise';
import { yamux } from '@libp2p/yamux';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import { expect, onTestFinished, test } from 'vitest';
import type { NetworkEvent } from '../../core/network/index.ts';
import { KnownPeers } from '../../core/network/node/known-peers.ts';
import { ReputationLedger } from '../../core/network/reputation/ledger.ts';
import { identityOf } from './support/claims.ts';
import { startNode } from './support/swarm.ts';

const alice = identityOf(1).peer;
const foreignKey = await generateKeyPair('secp256k1');
const foreign = peerIdFromPrivateKey(foreignKey).toString();

async function temporary(name: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'foreign-keys-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return path.join(directory, name);
}

async function foreignNode(): Promise<Libp2p> {
  const node = await createLibp2p({
    privateKey: foreignKey,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  onTestFinished(async () => node.stop());
  return node;
}

test('a peer whose key is no Ed25519 key gets no connection, whoever dials', async () => {
  const node = await startNode();
  onTestFinished(() => node.network.stop());
  const other = await foreignNode();
  const inward = await other.dial(multiaddr(node.network.addresses()[0])).catch(() => undefined);
  // Who dials may have its handshake done before the other side has seen whom it has there.
  await expect.poll(() => inward?.status !== 'open').toBe(true);
  const [address] = other.getMultiaddrs();
  await expect(node.network.dial(String(address))).rejects.toThrow();
  // Whose name is not in the address is known only once it has been dialled.
  await expect(node.network.dial(String(address).replace(/\/p2p\/.*/, ''))).rejects.toThrow();
  expect(other.getConnections().filter(({ status }) => status === 'open')).toEqual([]);
  expect(node.events.filter(({ type }) => type === 'connection-opened')).toEqual([]);
});

/** At one moment: points fade with the milliseconds. */
const openLedger = (file: string, events: NetworkEvent[] = []): Promise<ReputationLedger> =>
  ReputationLedger.open({ emit: (event) => events.push(event), now: () => 1_700_000_000_000 }, { file });

test('such a peer is not remembered, and takes nobody with it who is', async () => {
  const file = await temporary('reputation.json');
  const ledger = await openLedger(file);
  for (const peer of [foreign, alice, foreign, alice]) ledger.penalise(peer, 'forged', '');
  expect(ledger.entries().map(({ peer }) => peer)).toEqual([alice]);
  await ledger.close();
  expect((await openLedger(file)).isDenied(alice)).toBe(true);

  const peersFile = await temporary('peers.json');
  const known = await KnownPeers.open(peersFile);
  for (const peer of [foreign, alice]) known.met(peer, ['/ip4/10.0.0.1/tcp/1'], true);
  await known.close();
  expect((await KnownPeers.open(peersFile)).all().map(({ peer }) => peer)).toEqual([alice]);
});

test('of a file that has such a peer all others are remembered, and it says so', async () => {
  const file = await temporary('reputation.json');
  const before = await openLedger(file);
  before.penalise(alice, 'forged', '');
  before.penalise(alice, 'forged', '');
  await before.close();
  const stored = JSON.parse(await readFile(file, 'utf8')) as { peers: object[] };
  const [entry] = stored.peers;
  await writeFile(file, JSON.stringify({ ...stored, peers: [{ ...entry, peer: foreign }, entry, 7] }));
  const events: NetworkEvent[] = [];
  expect((await openLedger(file, events)).isDenied(alice)).toBe(true);
  expect(events).toMatchObject([{ type: 'reputation-damaged', file, detail: /^2 / }]);
  expect(await readdir(path.dirname(file))).toEqual(['reputation.json']);

  const peersFile = await temporary('peers.json');
  const one = { peer: alice, addresses: ['/ip4/10.0.0.1/tcp/1'], metAt: Date.now(), dialled: true };
  const peers = [{ ...one, peer: foreign }, one, null];
  await writeFile(peersFile, JSON.stringify({ format: 'proofswarm-peers', version: 1, peers }));
  expect((await KnownPeers.open(peersFile)).all()).toEqual([one]);
});

test('a file that only cannot be read now is left as it is, and the start fails and names it', async () => {
  // What a directory gives is as little a word on the content as too many open files or a missing permission.
  const file = await temporary('reputation.json');
  await mkdir(file);
  await expect(openLedger(file)).rejects.toThrow(file);
  await expect(KnownPeers.open(file)).rejects.toThrow(file);
  expect(await readdir(path.dirname(file))).toEqual(['reputation.json']);
});
