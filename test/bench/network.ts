/**
 * What the network costs, on loopback in one process. `node --expose-gc test/bench/network.ts [gossip] [sync] [bank] [checked] [backlog] [bytes] [memory]`; `large` alone joins a swarm of 100,000 records
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PROOF_ANNOUNCEMENT, type NetworkSettingsInput } from '../../core/network/index.ts';
import { compareKeys, type SetKey } from '../../core/network/sync/key.ts';
import { Reconciler } from '../../core/network/sync/reconciler.ts';
import { RecordSet } from '../../core/network/sync/record-set.ts';
import { claimOf, claimsOf, CORE, identityOf, keyOf } from '../network/support/claims.ts';
import { MemoryStore } from '../network/support/memory-store.ts';
import { connect, eventsOf, LOOPBACK, startNode, stopAll, type TestNode } from '../network/support/swarm.ts';
import { ScriptedLean, WholeNode } from '../network/support/whole-node.ts';
import { idleNodes } from './idle-node.ts';
import { machine, print, quantile } from './table.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const wanted = (part: string): boolean => positionals.length === 0 || positionals.includes(part);
const FILLED_AT_ONCE = 500;
const nextTick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTick();
}

/** Nodes of which each has dialled up to four others, chosen at random. */
async function swarmOf(count: number): Promise<TestNode[]> {
  const nodes: TestNode[] = [];
  for (let i = 0; i < count; i++) {
    const node = await startNode({ settings: { sync: { settleMs: 60_000 } } });
    const others = nodes.toSorted(() => Math.random() - 0.5).slice(0, 4);
    for (const other of others) await connect(node, other);
    nodes.push(node);
  }
  await until(() => nodes.every(({ network }) => network.stats().listeners >= Math.min(4, count - 1)));
  return nodes;
}

/** From the announcement until a node has heard it, and until it has the record, checked its signature and stored it. */
async function gossip(count: number): Promise<(string | number)[]> {
  const nodes = await swarmOf(count);
  const heard: number[] = [];
  const held: number[] = [];
  for (let n = 0; n < 40; n++) {
    const author = nodes[n % count];
    if (author === undefined) continue;
    const claim = claimOf(n);
    const { id, createdAt } = keyOf(claim);
    const others = nodes.filter((node) => node !== author);
    const waiting = others.map((node) => node.store);
    author.store.put(claim);
    const began = performance.now();
    const undo = others.map((node) =>
      node.network.on(PROOF_ANNOUNCEMENT, ({ body }) => {
        if (body.record === id) heard.push(performance.now() - began);
      }),
    );
    await author.network.announceProof({ record: id, statement: claim.statement.id, createdAt }, CORE);
    while (waiting.length > 0) {
      for (let i = waiting.length - 1; i >= 0; i--) {
        if (waiting[i]?.held.has(id) !== true) continue;
        held.push(performance.now() - began);
        waiting.splice(i, 1);
      }
      await nextTick();
    }
    for (const one of undo) one();
  }
  await stopAll(nodes);
  const ms = (values: readonly number[], share: number): string => quantile(values, share).toFixed(1);
  return [count, heard.length, ms(heard, 0.5), ms(heard, 0.95), ms(held, 0.5), ms(held, 0.95)];
}

/** A node with nothing joins one with `count` records; signatures are checked, proofs are not. */
async function join(count: number): Promise<(string | number)[]> {
  const full = await startNode({ store: new MemoryStore(claimsOf(0, count)) });
  const fresh = await startNode();
  const began = performance.now();
  await connect(fresh, full);
  await until(() => fresh.store.held.size === count);
  const seconds = (performance.now() - began) / 1000;
  const sessions = eventsOf(fresh, 'sync-finished');
  const bytes = sessions.reduce((sum, one) => sum + one.bytesIn + one.bytesOut, 0);
  await stopAll([full, fresh]);
  return [count, seconds.toFixed(1), Math.round(count / seconds), sessions.length, bytes];
}

/**
 * A whole node with nothing joins one with `count` proofs in its bank on disk.
 * @param lean what the joiner checks them with; one that takes everything stands in for Lean unless set
 */
async function joinWithBank(count: number, lean?: 'real'): Promise<(string | number)[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'proofswarm-bench-'));
  const start = (n: number, settings: NetworkSettingsInput): Promise<WholeNode> =>
    WholeNode.start(lean ?? new ScriptedLean({ takesAll: true }), {
      data: path.join(root, `${n}`),
      identity: identityOf(n),
      settings,
    });
  const full = await start(1, LOOPBACK);
  for (let at = 0; at < count; at += FILLED_AT_ONCE) {
    await Promise.all(claimsOf(at, Math.min(count, at + FILLED_AT_ONCE)).map((claim) => full.found(claim)));
  }
  const fresh = await start(2, { ...LOOPBACK, bootstrap: [full.swarm.addresses[0] ?? ''] });
  const began = performance.now();
  await until(() => fresh.node.parts.proofs.size === count);
  const seconds = (performance.now() - began) / 1000;
  await Promise.all([full.stop(), fresh.stop()]);
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
  return [count, seconds.toFixed(1), Math.round(count / seconds)];
}

/** What a check takes on this machine, about. */
const CHECK_MS = 50;
const FLOOD_EACH = 2000;

/**
 * Peers offer more proofs than Lean can check for a long time, and one peer finds a proof every now and then: how long until the
 * node has checked that one, and how much waits meanwhile. A check takes `CHECK_MS` and accepts.
 */
async function backlog(flooders: number): Promise<(string | number)[]> {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-bench-'));
  const lean = new ScriptedLean({ takesAll: true, takesMs: CHECK_MS });
  const victim = await WholeNode.start(lean, { data, identity: identityOf(1000), settings: LOOPBACK });
  const address = victim.swarm.addresses[0] ?? '';
  const peers = await Promise.all(
    Array.from({ length: flooders }, (_, n) =>
      startNode({ store: new MemoryStore(claimsOf(n * FLOOD_EACH, (n + 1) * FLOOD_EACH)) }),
    ),
  );
  const finder = await startNode();
  for (const { network } of [...peers, finder]) await network.dial(address);
  await until(() => finder.network.stats().listeners > 0);
  await until(() => flooders === 0 || victim.swarm.status().verification.queued > 100);
  let queued = 0;
  let waiting = 0;
  const taken: number[] = [];
  for (let n = 0; n < 20; n++) {
    const claim = claimOf(1_000_000 + n);
    const { id, createdAt } = keyOf(claim);
    finder.store.put(claim);
    const began = performance.now();
    await finder.network.announceProof({ record: id, statement: claim.statement.id, createdAt }, CORE);
    await until(() => victim.node.parts.proofs.has(id));
    taken.push(performance.now() - began);
    const status = victim.swarm.status();
    queued = Math.max(queued, status.verification.queued);
    waiting = Math.max(waiting, status.waiting);
  }
  const row = [flooders, queued, waiting, ...[0.5, 0.95].map((share) => quantile(taken, share).toFixed(0))];
  await victim.stop();
  await stopAll([...peers, finder]);
  await rm(data, { recursive: true, force: true, maxRetries: 10 });
  return row;
}

async function cost(
  count: number,
  differing: number,
  where: 'newest' | 'scattered',
): Promise<(string | number)[]> {
  const keys: SetKey[] = Array.from({ length: count }, () => ({
    time: 1_700_000_000_000 + Math.floor(Math.random() * 1e10),
    digest: randomBytes(32),
  })).sort(compareKeys);
  const only = new Set<number>();
  while (only.size < differing) {
    only.add(where === 'newest' ? count - 1 - only.size : Math.floor(Math.random() * count));
  }
  const sets = [new RecordSet(), new RecordSet()] as const;
  keys.forEach((key, i) => {
    const side = Math.random() < 0.5 ? 0 : 1;
    for (const at of [0, 1] as const) if (!only.has(i) || at === side) sets[at].add(key);
  });
  const salt = randomBytes(16);
  const sides = [new Reconciler(sets[0], salt), new Reconciler(sets[1], salt)] as const;
  const began = performance.now();
  let turn = sides[0].begin();
  let bytes = turn.length;
  let turns = 1;
  let found = 0;
  for (; ; turns++) {
    const outcome = await sides[turns % 2 === 1 ? 1 : 0].respond(turn);
    found += outcome.needed.length;
    if (!outcome.asked) break;
    turn = outcome.reply;
    bytes += turn.length;
  }
  if (found !== differing) throw new Error(`found ${found} of ${differing}`);
  const milliseconds = (performance.now() - began).toFixed(0);
  return [count, differing, where, Math.ceil(turns / 2), bytes, 64 * count, milliseconds];
}

const resident = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
};

console.log(machine());

if (wanted('gossip')) {
  const rows = [await gossip(10), await gossip(30)];
  print(
    'Gossip',
    ['nodes', 'deliveries', 'heard p50 ms', 'heard p95 ms', 'held p50 ms', 'held p95 ms'],
    rows,
  );
}
if (wanted('sync')) {
  print(
    'A late joiner',
    ['records', 'seconds', 'records/s', 'sessions', 'sync bytes'],
    [await join(1000), await join(10_000)],
  );
}
// Takes minutes, most of them for signing what the other has.
if (positionals.includes('large')) {
  const row = await join(100_000);
  print('A late joiner', ['records', 'seconds', 'records/s', 'sessions', 'sync bytes'], [row]);
}
if (wanted('bank')) {
  print(
    'A late joiner with a bank on disk, as has the other',
    ['records', 'seconds', 'records/s'],
    [await joinWithBank(1000), await joinWithBank(10_000)],
  );
}
if (wanted('checked')) {
  print(
    'The same, each proof checked by Lean',
    ['records', 'seconds', 'records/s'],
    [await joinWithBank(2000, 'real')],
  );
}
if (wanted('backlog')) {
  print(
    `Proofs of one peer checked while others offer ${FLOOD_EACH} each, a check taking ${CHECK_MS} ms`,
    ['others', 'most queued', 'most still to fetch', 'checked p50 ms', 'p95 ms'],
    [await backlog(0), await backlog(1), await backlog(4)],
  );
}
if (wanted('bytes')) {
  const rows = [];
  for (const count of [10_000, 100_000]) {
    for (const differing of [0, 10, 1000]) {
      for (const where of ['newest', 'scattered'] as const) rows.push(await cost(count, differing, where));
    }
  }
  rows.push(await cost(100_000, 100, 'newest'));
  print('Reconciliation', ['records', 'differing', 'where', 'round trips', 'bytes', 'all ids', 'ms'], rows);
}
if (wanted('memory')) {
  if (process.platform === 'linux') {
    print('An idle node, as a process of its own', ['', 'resident MB', 'its own MB'], await idleNodes());
  }
  const alone = resident();
  const one = await startNode();
  const withOne = resident();
  const more = await swarmOf(20);
  const withMore = resident();
  print(
    'Nodes in one process',
    ['process', 'with one node', 'each further, connected'],
    [[`${alone.toFixed(0)} MB`, `${withOne.toFixed(0)} MB`, `${((withMore - withOne) / 20).toFixed(1)} MB`]],
  );
  await stopAll([one, ...more]);
}
