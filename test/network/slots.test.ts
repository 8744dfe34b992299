import { randomBytes } from 'node:crypto';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, expect, test } from 'vitest';
import { RECORDS_PROTOCOL } from '../../core/network/records/protocol.ts';
import { encodeHello } from '../../core/network/sync/hello.ts';
import { END } from '../../core/network/sync/key.ts';
import { SYNC_PROTOCOL } from '../../core/network/sync/syncer.ts';
import { TurnWriter } from '../../core/network/sync/turn.ts';
import { claimOf, CORE, keyOf } from './support/claims.ts';
import { framed, HostilePeer } from './support/hostile.ts';
import { connect, eventsOf, startNode, stopAll, type TestNode } from './support/swarm.ts';

const nodes: TestNode[] = [];
const hostile: HostilePeer[] = [];

afterEach(async () => {
  await Promise.all(hostile.splice(0).map((peer) => peer[Symbol.asyncDispose]()));
  await stopAll(nodes.splice(0));
});

async function start(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  nodes.push(node);
  return node;
}

async function enter(): Promise<HostilePeer> {
  const peer = await HostilePeer.raw();
  hostile.push(peer);
  return peer;
}

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 10, timeout: 20_000 }).toBe(true);

const greeting = (): Uint8Array =>
  framed(encodeHello({ records: 1, now: Date.now(), salt: new Uint8Array(16) }));

/** A turn that says that the other side lacks these. */
function offer(digests: readonly Uint8Array[]): Uint8Array {
  const turn = new TurnWriter();
  turn.write({ kind: 'answer', upper: END, missing: digests, wanted: [] });
  return framed(turn.finish());
}

test('peers that offer records and never say which protocol they speak keep nobody from being asked', async () => {
  const victim = await start({
    settings: { records: { frameTimeoutMs: 500, maxPeers: 2 }, sync: { settleMs: 200 } },
  });
  const honest = await start();
  await connect(honest, victim);
  await until(() => victim.network.stats().listeners === 1 && honest.network.stats().listeners === 1);
  const mute = [await enter(), await enter()];
  for (const peer of mute) {
    const connection = await peer.connectMute(victim);
    const stream = await connection.newStream(SYNC_PROTOCOL);
    stream.send(greeting());
    stream.send(offer([randomBytes(32)]));
  }
  await until(() => victim.network.stats().waiting === 2);
  const claim = claimOf(1);
  honest.store.put(claim);
  const { id, createdAt } = keyOf(claim);
  await honest.network.announceProof({ record: id, statement: claim.statement.id, createdAt }, CORE);
  await until(() => victim.store.held.has(id));
  await until(() => eventsOf(victim, 'peer-set-aside').length === 2);
  expect(
    eventsOf(victim, 'peer-set-aside')
      .map(({ peer }) => peer)
      .sort(),
  ).toEqual(mute.map(({ peer }) => peer).sort());
  expect(eventsOf(victim, 'peer-penalised')).toEqual([]);
  expect(victim.network.stats().waiting).toBe(0);
});

test('a peer that asks over many connections, and says nothing then, keeps nobody from being served', async () => {
  const victim = await start({ settings: { records: { frameTimeoutMs: 60_000 } } });
  const claim = claimOf(2);
  victim.store.put(claim);
  const peer = await enter();
  for (let n = 0; n < 9; n++) {
    const address = multiaddr(victim.network.addresses()[0] ?? '');
    const connection = await peer.node.dial(address, { force: true });
    for (let stream = 0; stream < 4; stream++) await connection.newStream(RECORDS_PROTOCOL);
  }
  const honest = await start();
  await connect(honest, victim);
  await until(() => honest.store.held.has(claim.signed.id));
  expect(eventsOf(victim, 'peer-penalised')).toEqual([]);
});
