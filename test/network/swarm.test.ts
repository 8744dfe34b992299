import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  ATTESTATION_ANNOUNCEMENT,
  ListenError,
  NetworkStoppedError,
  UnknownEnvironmentError,
  type AttestationAnnouncement,
} from '../../core/network/index.ts';
import { idOf } from '../../core/network/wire/digest.ts';
import { decodeAttestation, encodeAttestation, signAttestation } from '../../core/record/index.ts';
import { claimOf, claimsOf, CORE, identityOf, keyOf } from './support/claims.ts';
import { numberedKey } from './support/keys.ts';
import { longestSlice } from './support/longest-slice.ts';
import { MemoryStore } from './support/memory-store.ts';
import { connect, eventsOf, startNode, stopAll, testNode, type TestNode } from './support/swarm.ts';

const nodes: TestNode[] = [];
afterEach(() => stopAll(nodes.splice(0)));

async function start(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  nodes.push(node);
  return node;
}

const until = (condition: () => boolean, timeout = 20_000): Promise<void> =>
  expect.poll(condition, { interval: 10, timeout }).toBe(true);

const announce = (node: TestNode, n: number): Promise<number> => {
  const claim = claimOf(n);
  node.store.put(claim);
  const { id, createdAt } = keyOf(claim);
  return node.network.announceProof({ record: id, statement: claim.statement.id, createdAt }, CORE);
};

describe('a node', () => {
  test('has the identity’s peer id, works alone, and stops at once', async () => {
    const node = await start({ n: 5 });
    expect(node.network.peer).toBe(identityOf(5).peer);
    expect(node.network.addresses()[0]).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3KooW/);
    expect(await announce(node, 1)).toBe(0);
    await until(() => eventsOf(node, 'index-built').length === 1);
    const began = performance.now();
    await node.network.stop();
    expect(performance.now() - began).toBeLessThan(2000);
    expect(node.events.at(-1)).toEqual({ type: 'stopped' });
    await node.network.stop();
    await expect(announce(node, 2)).rejects.toThrow(NetworkStoppedError);
    await expect(node.network.dial('/ip4/127.0.0.1/tcp/1')).rejects.toThrow(NetworkStoppedError);
  });

  test('says which address it cannot listen on', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const node = await testNode({ settings: { listen: [`/ip4/127.0.0.1/tcp/${port}`] } });
    const refused: unknown = await node.network.start().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ListenError);
    expect((refused as ListenError).message).toBe(
      `cannot listen on /ip4/127.0.0.1/tcp/${port}: the port is taken; choose another in the settings or with --listen`,
    );
    taken.close();
  });

  test('refuses settings that are none', async () => {
    await expect(testNode({ settings: { listen: ['nowhere'] } })).rejects.toThrow('expected a multiaddr');
    await expect(testNode({ settings: { bootstrap: ['/ip4/127.0.0.1/tcp/1'] } })).rejects.toThrow('/p2p/');
  });

  test('announces only in environments that it was started for', async () => {
    const node = await start();
    const claim = claimOf(1);
    const proof = { record: claim.signed.id, statement: claim.statement.id, createdAt: 1 };
    await expect(node.network.announceProof(proof, { lean: '9.9.9', library: 'core' })).rejects.toThrow(
      UnknownEnvironmentError,
    );
  });

  test('reports connections as they are: transport, direction, relayed or not', async () => {
    const a = await start({ settings: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] } });
    const b = await start();
    await connect(b, a);
    await until(() => eventsOf(a, 'connection-opened').length === 1);
    expect(eventsOf(a, 'connection-opened')[0]).toMatchObject({
      peer: b.network.peer,
      transport: 'websocket',
      direction: 'inbound',
      relayed: false,
    });
    expect(b.network.peers()).toMatchObject([
      { peer: a.network.peer, points: 0, connections: [{ relayed: false }] },
    ]);
    await a.network.stop();
    await until(() => eventsOf(b, 'peer-disconnected').length === 1);
  });

  test('finds back to its bootstrap peer when that was gone', async () => {
    const a = await start({ n: 60 });
    const [address] = a.network.addresses();
    const b = await start({ settings: { bootstrap: [address ?? ''] } });
    await until(() => eventsOf(b, 'peer-connected').length === 1);
    await a.network.stop();
    await until(() => eventsOf(b, 'peer-disconnected').length === 1);
    await start({ n: 60, settings: { listen: [address?.replace(/\/p2p\/.*/, '') ?? ''] } });
    await until(() => eventsOf(b, 'peer-connected').length === 2);
  });
});

describe('nodes find each other', () => {
  test('on the local network, with every service on, and stop in time', async () => {
    const settings = {
      mdns: true,
      dht: true,
      autonat: true,
      upnp: true,
      relayServer: { enabled: true },
      minPeers: 4,
    };
    const [a, b] = [await start({ settings }), await start({ settings })];
    await until(() => a.network.peers().some(({ peer }) => peer === b.network.peer));
    const began = performance.now();
    await Promise.all([a.network.stop(), b.network.stop()]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test('through a third that both know', async () => {
    const settings = { dht: true, privateDht: true, minPeers: 4 };
    const third = await start({ settings });
    const bootstrap = [...third.network.addresses()];
    const [a, b] = [
      await start({ settings: { ...settings, bootstrap } }),
      await start({ settings: { ...settings, bootstrap } }),
    ];
    await until(() => a.network.peers().some(({ peer }) => peer === b.network.peer));
  });
});

describe('a swarm', () => {
  test('has what one node found on all within seconds, and a late joiner gets all', async () => {
    const swarm = await Promise.all(Array.from({ length: 8 }, () => start()));
    const [first] = swarm;
    if (first === undefined) return;
    // A line, so that everything has to be passed on.
    for (let i = 1; i < swarm.length; i++) {
      const [from, to] = [swarm[i], swarm[i - 1]];
      if (from !== undefined && to !== undefined) await connect(from, to);
    }
    await until(() => swarm.every(({ network }) => network.stats().listeners > 0));
    for (let n = 0; n < 10; n++) {
      const author = swarm[n % swarm.length];
      if (author !== undefined) await announce(author, n);
    }
    await until(() => swarm.every(({ store }) => store.held.size === 10));
    const late = await start();
    await connect(late, first);
    await until(() => late.store.held.size === 10);
    expect(late.store.ids).toEqual(first.store.ids);
    expect(eventsOf(late, 'sync-finished')[0]).toMatchObject({ complete: true, needed: 10 });
    for (const node of [...swarm, late]) expect(eventsOf(node, 'peer-penalised')).toEqual([]);
  });

  test('that was parted converges, through restarts', async () => {
    const a = await start({ n: 70, store: new MemoryStore(claimsOf(0, 60)) });
    const b = await start({ store: new MemoryStore(claimsOf(40, 100)) });
    const c = await start({ n: 72, store: new MemoryStore(claimsOf(90, 130)) });
    await connect(a, b);
    // Stopped in the midst of it, started again with what was on its disk.
    await until(() => a.store.held.size > 60);
    await a.network.stop();
    const again = await start({ n: 70, store: a.store });
    await connect(c, b);
    await connect(again, c);
    await until(() => [again, b, c].every(({ store }) => store.held.size === 130));
    expect(again.store.ids).toEqual(b.store.ids);
    expect(c.store.ids).toEqual(b.store.ids);
  });

  test('lets a new node ask for more than fits in one go, and tells how far it is', async () => {
    const claims = claimsOf(0, 400);
    const full = await start({ store: new MemoryStore(claims) });
    const fresh = await start({ settings: { records: { capacity: 100 } } });
    await connect(fresh, full);
    await until(() => fresh.store.held.size === 400);
    const progress = eventsOf(fresh, 'sync-progress');
    expect(progress[0]).toMatchObject({ here: 0, there: 400 });
    expect(eventsOf(fresh, 'sync-finished').length).toBeGreaterThan(1);
    expect(eventsOf(fresh, 'peer-penalised')).toEqual([]);
    expect(eventsOf(full, 'peer-penalised')).toEqual([]);
  });

  test('passes on what a node may not judge as claimed only, and nobody is to blame for it', async () => {
    const bad = claimOf(1, { by: identityOf(99) });
    const store = new MemoryStore();
    store.put(bad, false);
    const passer = await start({ store });
    const judge = await start();
    judge.store.judge = () => false;
    await connect(judge, passer);
    await until(() => judge.store.refused.size === 1);
    expect(judge.store.received[0]).toMatchObject({ vouched: false });
    expect(eventsOf(judge, 'peer-penalised')).toMatchObject([
      { peer: identityOf(99).peer, offence: 'refused-by-kernel' },
    ]);
  });
});

test('a node that has much to say at once says no more than others take, and all of it arrives', async () => {
  const [a, b] = [await start({ n: 83 }), await start()];
  await connect(a, b);
  await until(() => a.network.stats().listeners === 1);
  const by = identityOf(83);
  for (let n = 0; n < 300; n++) {
    await announce(a, n);
    const record = { record: claimOf(n).signed.id, checker: { name: 'test', version: '1' } };
    const attestation = signAttestation({ ...record, peer: by.peer, createdAt: 1 }, by);
    const said = { attestation: encodeAttestation(attestation) };
    await a.network.announce(ATTESTATION_ANNOUNCEMENT, said, CORE);
  }
  await until(() => b.store.held.size === 300);
  expect(eventsOf(b, 'announcement-refused').filter(({ reason }) => reason === 'flood')).toEqual([]);
  expect(eventsOf(b, 'peer-penalised')).toEqual([]);
});

test('a store that fails is told of, and the record is fetched again when it works', async () => {
  const a = await start({ store: new MemoryStore([claimOf(1)]) });
  const b = await start({ settings: { sync: { intervalMs: 300, settleMs: 100 } } });
  b.store.judge = () => Promise.reject(new Error('no space left on device'));
  await connect(b, a);
  await until(() => eventsOf(b, 'store-failed').length > 0);
  expect(eventsOf(b, 'store-failed')[0]).toMatchObject({ reason: 'no space left on device' });
  b.store.judge = () => true;
  await until(() => b.store.held.size === 1);
  expect(eventsOf(b, 'peer-penalised')).toEqual([]);
});

test('an attestation reaches others, and says who made it', async () => {
  const [a, b] = [await start({ n: 81 }), await start()];
  await connect(a, b);
  await until(() => a.network.stats().listeners === 1);
  const heard: AttestationAnnouncement[] = [];
  b.network.on(ATTESTATION_ANNOUNCEMENT, ({ body }) => heard.push(body));
  const checker = { name: 'test', version: '1' };
  const attestationBy = (n: number): AttestationAnnouncement => {
    const by = identityOf(n);
    const record = { record: claimOf(1).signed.id, checker, peer: by.peer, createdAt: 1 };
    return { attestation: encodeAttestation(signAttestation(record, by)) };
  };
  await a.network.announce(ATTESTATION_ANNOUNCEMENT, attestationBy(81), CORE);
  await until(() => heard.length === 1);
  expect(heard.map(({ attestation }) => decodeAttestation(attestation).record.peer)).toEqual([
    a.network.peer,
  ]);
  await a.network.announce(ATTESTATION_ANNOUNCEMENT, attestationBy(82), CORE);
  await until(() => eventsOf(b, 'announcement-refused').length === 1);
  expect(eventsOf(b, 'announcement-refused')).toMatchObject([{ author: a.network.peer, reason: 'invalid' }]);
});

test('an index of 200,000 records is built beside everything else', async () => {
  const keys = Array.from({ length: 200_000 }, (_, n) => ({
    id: idOf(numberedKey(n).digest),
    createdAt: numberedKey(n).time,
  }));
  const node = await testNode();
  nodes.push(node);
  node.store.keys = async function* () {
    await Promise.resolve();
    yield keys;
  };
  const longest = await longestSlice(async () => {
    await node.network.start();
    await until(() => eventsOf(node, 'index-built').length === 1);
  });
  expect(node.network.stats().records).toBe(200_000);
  // All at once would take several hundred; a collection of garbage on a busy machine takes some fifty.
  expect(longest).toBeLessThan(100);
});

test('a peer that was cut off stays out after a restart, until it is forgiven', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'swarm-'));
  const reputationFile = path.join(directory, 'reputation.json');
  try {
    const a = await start({ n: 80, reputationFile });
    const b = await start();
    await connect(b, a);
    a.network.penalise(b.network.peer, 'forged', 'test');
    a.network.penalise(b.network.peer, 'forged', 'test');
    await until(() => eventsOf(b, 'peer-disconnected').length === 1);
    await a.network.stop();
    const again = await start({ n: 80, reputationFile });
    const refused = async (): Promise<boolean> => {
      await connect(b, again).catch(() => undefined);
      await until(() => again.network.peers().every(({ connections }) => connections.length === 0));
      return again.events.every(({ type }) => type !== 'peer-connected');
    };
    expect(await refused()).toBe(true);
    expect(again.network.peers()).toMatchObject([
      { peer: b.network.peer, offence: 'forged', detail: 'test' },
    ]);
    again.network.forgive(b.network.peer);
    await connect(b, again);
    await until(() => again.network.peers().some(({ connections }) => connections.length === 1));
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
});
