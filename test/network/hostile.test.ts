import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeEnvelope } from '../../core/network/announce/envelope.ts';
import { environmentTopic } from '../../core/network/announce/topics.ts';
import type { Offence } from '../../core/network/index.ts';
import { MAX_REQUEST_BYTES, RECORDS_PROTOCOL } from '../../core/network/records/protocol.ts';
import { SYNC_PROTOCOL } from '../../core/network/sync/syncer.ts';
import { claimOf, claimsOf, CORE, identityOf, keyOf } from './support/claims.ts';
import { framed, HostilePeer, subscription } from './support/hostile.ts';
import { connect, eventsOf, startNode, stopAll, type TestNode } from './support/swarm.ts';

const TOPIC = environmentTopic(CORE);
const nodes: TestNode[] = [];
const hostile: HostilePeer[] = [];
let victim: TestNode;
let honest: TestNode;

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 10, timeout: 20_000 }).toBe(true);

async function start(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  nodes.push(node);
  return node;
}

const enter = async (peer: Promise<HostilePeer>): Promise<HostilePeer> => {
  const entered = await peer;
  hostile.push(entered);
  return entered;
};

beforeEach(async () => {
  const settings = { records: { frameTimeoutMs: 300 }, sync: { frameTimeoutMs: 300, settleMs: 200 } };
  victim = await start({ settings });
  honest = await start();
  await connect(honest, victim);
  await until(() => honest.network.stats().listeners === 1 && victim.network.stats().listeners === 1);
});

afterEach(async () => {
  await Promise.all(hostile.splice(0).map((peer) => peer[Symbol.asyncDispose]()));
  await stopAll(nodes.splice(0));
});

const proofBody = (n: number) => {
  const claim = claimOf(n);
  return { record: claim.signed.id, statement: claim.statement.id, createdAt: keyOf(claim).createdAt };
};

const announce = (node: TestNode, n: number): Promise<number> => {
  node.store.put(claimOf(n));
  return node.network.announceProof(proofBody(n), CORE);
};

/** The peer is refused from now on, for this reason; the honest one is heard as before. */
async function expectCutOff(peer: string, offence: Offence): Promise<void> {
  await until(() => eventsOf(victim, 'peer-cut-off').length > 0);
  expect(eventsOf(victim, 'peer-cut-off')).toMatchObject([{ peer, offence }]);
  await until(() => victim.network.peers().find((one) => one.peer === peer)?.connections.length === 0);
  expect(victim.network.peers().find((one) => one.peer === peer)?.deniedUntil).toBeGreaterThan(Date.now());
  await announce(honest, 9000);
  await until(() => victim.store.held.has(claimOf(9000).signed.id));
  expect(eventsOf(victim, 'peer-penalised').filter((event) => event.peer === honest.network.peer)).toEqual(
    [],
  );
}

describe('a peer is cut off, and honest ones are heard, where it', () => {
  test('announces junk', async () => {
    const peer = await enter(HostilePeer.publishing([TOPIC]));
    await peer.connect(victim);
    await until(() => peer.node.services.pubsub.getSubscribers(TOPIC).length === 1);
    for (let i = 0; i < 6; i++) await peer.node.services.pubsub.publish(TOPIC, randomBytes(100));
    await expectCutOff(peer.peer, 'malformed');
    await expect(
      peer.connect(victim).then((connection) => connection.newStream(SYNC_PROTOCOL)),
    ).rejects.toThrow();
  });

  test('announces junk and is near the limit already: it is read until it is cut off', async () => {
    const peer = await enter(HostilePeer.publishing([TOPIC]));
    await peer.connect(victim);
    await until(() => peer.node.services.pubsub.getSubscribers(TOPIC).length === 1);
    for (let i = 0; i < 9; i++) victim.network.penalise(peer.peer, 'replay', 'test');
    // Scores are reckoned anew with each heartbeat, which all have once a second.
    let beats = 0;
    peer.node.services.pubsub.addEventListener('gossipsub:heartbeat', () => beats++);
    await until(() => beats === 3);
    await peer.node.services.pubsub.publish(TOPIC, randomBytes(100));
    await expectCutOff(peer.peer, 'malformed');
  });

  test('floods with announcements that are well-formed', async () => {
    const peer = await enter(HostilePeer.publishing([TOPIC]));
    await peer.connect(victim);
    await until(() => peer.node.services.pubsub.getSubscribers(TOPIC).length === 1);
    const { statement } = proofBody(1);
    const ids = claimsOf(0, 20).map((claim) => claim.signed.id);
    for (let i = 0; i < 400 && eventsOf(victim, 'peer-cut-off').length === 0; i++) {
      const body = { record: ids[i % ids.length], statement, createdAt: i };
      const data = encodeEnvelope({ version: 1, kind: 'proof', at: Date.now(), body });
      await peer.node.services.pubsub.publish(TOPIC, data);
    }
    await until(() => eventsOf(victim, 'peer-cut-off').length > 0);
    // What it announced and does not have may count against it besides.
    expect(eventsOf(victim, 'peer-penalised').map(({ offence }) => offence)).toContain('flood');
    await expectCutOff(peer.peer, eventsOf(victim, 'peer-cut-off')[0]?.offence ?? 'flood');
  });

  test('floods with bytes that no validator ever sees', async () => {
    const peer = await enter(HostilePeer.raw());
    const junk = Buffer.concat([Uint8Array.of(0x80, 0x80, 0x04), randomBytes(64 * 1024)]);
    const flood = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) await peer.gossip(victim, junk);
    };
    await flood().catch(() => undefined);
    await expectCutOff(peer.peer, 'flood');
  });

  test('announces proofs that the kernel refuses', async () => {
    const liar = await start({ n: 500 });
    const bad = [1, 2, 3].map((n) => claimOf(n, { by: identityOf(500) }));
    victim.store.judge = (claim) => claim.signed.record.finder.peer !== liar.network.peer;
    await connect(liar, victim);
    await until(() => liar.network.stats().listeners === 1);
    for (const claim of bad) {
      liar.store.put(claim);
      const { id: record, createdAt } = keyOf(claim);
      await liar.network.announceProof({ record, statement: claim.statement.id, createdAt }, CORE);
    }
    await expectCutOff(liar.network.peer, 'refused-by-kernel');
    for (const claim of bad) expect(victim.store.held.has(claim.signed.id)).toBe(false);
  });

  test.each<[string, string, Uint8Array, Offence]>([
    [
      'says that it will send four gigabytes',
      SYNC_PROTOCOL,
      framed(new Uint8Array(10), 0xffffffff),
      'oversized',
    ],
    ['greets with a long speech', SYNC_PROTOCOL, framed(new Uint8Array(10_000)), 'oversized'],
    ['asks for too much', RECORDS_PROTOCOL, framed(new Uint8Array(MAX_REQUEST_BYTES + 1)), 'oversized'],
    ['asks for nonsense', RECORDS_PROTOCOL, framed(randomBytes(100)), 'malformed'],
    ['reconciles in nonsense', SYNC_PROTOCOL, framed(randomBytes(100)), 'malformed'],
  ])('%s', async (_, protocol, bytes, offence) => {
    const peer = await enter(HostilePeer.raw());
    const attack = async (): Promise<void> => {
      for (let i = 0; i < 6; i++) {
        const stream = await peer.open(victim, protocol);
        stream.send(bytes);
        await new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }));
      }
    };
    await attack().catch(() => undefined);
    await expectCutOff(peer.peer, offence);
  });
});

test('what others announced long before is not heard, and who sends it again may only have stood still', async () => {
  const later = 15 * 60_000;
  const peer = await enter(HostilePeer.raw());
  await expect
    .poll(
      async () => {
        await peer.gossip(honest, subscription(TOPIC));
        return honest.network.stats().listeners;
      },
      { interval: 50, timeout: 20_000 },
    )
    .toBe(2);
  for (let n = 0; n < 12; n++) await announce(honest, n);
  await until(() => peer.heard.length >= 12);
  // Another one, to which a quarter of an hour has gone by, as the hostile one knows.
  const now = (): number => Date.now() + later;
  await peer.tellTime(now);
  victim = await start({ components: { now } });
  const second = await enter(HostilePeer.raw());
  await second.tellTime(now);
  await second.connect(victim);
  await until(() => eventsOf(victim, 'peer-connected').length === 1);
  await victim.network.sync(second.peer);
  for (const frame of peer.heard) await second.gossip(victim, frame);
  const refusals = () => eventsOf(victim, 'announcement-refused');
  await until(() => refusals().length >= 12);
  expect(new Set(refusals().map(({ reason }) => reason))).toEqual(new Set(['outside-window']));
  expect(eventsOf(victim, 'peer-penalised')).toEqual([]);
  expect(victim.store.held.size).toBe(0);
});

test('a peer that does nothing but open streams is cut off', async () => {
  const peer = await enter(HostilePeer.raw());
  const isOver = (): boolean => eventsOf(victim, 'peer-cut-off').length > 0;
  // More at once are refused by the node's own stream limit before anybody looks at them.
  for (let opened = 0; opened < 20_000 && !isOver(); opened += 4) {
    const streams = Array.from({ length: 4 }, () => peer.open(victim, SYNC_PROTOCOL));
    for (const opening of await Promise.allSettled(streams)) {
      if (opening.status === 'fulfilled') opening.value.abort(new Error('and another'));
    }
  }
  await expectCutOff(peer.peer, 'flood');
});

test('streams that drip are ended in time, and hold nothing up', async () => {
  const peer = await enter(HostilePeer.raw());
  const streams = await Promise.all([
    peer.open(victim, SYNC_PROTOCOL),
    peer.open(victim, RECORDS_PROTOCOL),
    peer.open(victim, RECORDS_PROTOCOL),
  ]);
  const ended = streams.map(
    (stream) => new Promise((resolve) => stream.addEventListener('close', resolve, { once: true })),
  );
  for (const stream of streams) stream.send(Uint8Array.of(0, 0, 0, 100));
  const drip = setInterval(() => {
    for (const stream of streams) if (stream.status === 'open') stream.send(new Uint8Array(1));
  }, 20);
  await announce(honest, 1);
  await until(() => victim.store.held.has(claimOf(1).signed.id));
  await Promise.all(ended);
  clearInterval(drip);
  expect(eventsOf(victim, 'peer-set-aside')).toMatchObject([{ peer: peer.peer }]);
  expect(eventsOf(victim, 'peer-penalised')).toEqual([]);
});

test('a peer that asks and does not read takes no memory and no slot for long', async () => {
  const large = Array.from({ length: 4 }, (_, n) =>
    claimOf(n, { submission: `theorem x : True := trivial\n--${'x'.repeat(900_000)}` }),
  );
  for (const claim of large) victim.store.put(claim);
  const peer = await enter(HostilePeer.raw());
  const { encodeRequest } = await import('../../core/network/records/protocol.ts');
  const { digestOf } = await import('../../core/network/wire/digest.ts');
  const stream = await peer.open(victim, RECORDS_PROTOCOL);
  stream.pause();
  stream.send(
    framed(encodeRequest({ kind: 'proof', digests: large.map((claim) => digestOf(claim.signed.id)) })),
  );
  await new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }));
  expect(stream.status).toBe('reset');
});
