import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ApiClient } from '../../core/api/index.ts';
import { decodeHello, encodeHello } from '../../core/network/sync/hello.ts';
import { SYNC_PROTOCOL } from '../../core/network/sync/syncer.ts';
import type { ClaimedProof } from '../../core/record/index.ts';
import { claimOf, claimsOf, CORE, identityOf, keyOf } from './support/claims.ts';
import { framesIn } from './support/frames-in.ts';
import { framed, HostilePeer } from './support/hostile.ts';
import { MemoryStore } from './support/memory-store.ts';
import { temporaryData } from './support/spawn-node.ts';
import { connect, eventsOf, LOOPBACK, startNode, type TestNode } from './support/swarm.ts';
import { ScriptedLean, WholeNode } from './support/whole-node.ts';

const DAY = 24 * 60 * 60_000;
const settings = { ...LOOPBACK, sync: { settleMs: 100, intervalMs: 500 } };

const until = (condition: () => boolean, message: string): Promise<void> =>
  expect.poll(condition, { interval: 20, timeout: 30_000, message }).toBe(true);

const stopping = new WeakSet<WholeNode>();

/** Stops it, once. */
async function stop(node: WholeNode): Promise<void> {
  if (stopping.has(node)) return;
  stopping.add(node);
  await node.stop();
}

async function startWhole(data: string, n: number): Promise<WholeNode> {
  const init = { data, identity: identityOf(n), settings };
  const node = await WholeNode.start(new ScriptedLean({ takesAll: true }), init);
  onTestFinished(() => stop(node));
  return node;
}

async function source(claims: readonly ClaimedProof[]): Promise<TestNode> {
  const node = await startNode({ store: new MemoryStore(claims), settings: { sync: settings.sync } });
  onTestFinished(() => node.network.stop());
  return node;
}

const dial = (node: WholeNode, to: TestNode): Promise<string> =>
  node.swarm.dial(to.network.addresses()[0] ?? '', new AbortController().signal);

const holds = (node: WholeNode, claims: readonly ClaimedProof[]): boolean =>
  claims.every(({ signed }) => node.node.parts.proofs.has(signed.id));

/** A file system of so many bytes that goes when the test ends, or why there is none. */
async function smallDisk(bytes: number): Promise<string> {
  const directory = path.join(await temporaryData(), 'disk');
  await mkdir(directory);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory], { stdio: 'pipe' });
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return directory;
}

const mountable = process.platform === 'linux' && process.getuid?.() === 0;
if (!mountable) console.warn('A full disk is not tested: a small file system takes root');

test.runIf(mountable)('a full disk is told of, and what it kept out comes when there is room', async () => {
  const disk = await smallDisk(48 * 1024 * 1024);
  const claims = claimsOf(0, 60);
  const [early, late] = [claims.slice(0, 10), claims.slice(10)];
  const first = await source(early);
  const node = await startWhole(path.join(disk, 'data'), 900);
  await dial(node, first);
  await until(() => holds(node, early), 'the first ones are kept');
  const troubles: string[] = [];
  node.node.service.subscribe((message) => {
    if (message.kind === 'event' && message.event.event.type === 'bank:trouble') {
      troubles.push(message.event.event.detail);
    }
  });
  const filler = path.join(disk, 'filler');
  await fill(filler);
  const second = await source(late);
  await dial(node, second);
  await until(() => troubles.length > 0, 'trouble is told of');
  expect(troubles[0]).toMatch(/no space left/i);
  expect(holds(node, late)).toBe(false);
  await rm(filler);
  await until(() => holds(node, claims), 'all come when there is room');
  expect(eventsOf(second, 'peer-penalised')).toEqual([]);
  expect(node.denied()).toEqual([]);
  await stop(node);
  const again = await startWhole(path.join(disk, 'data'), 900);
  expect(holds(again, claims)).toBe(true);
});

/** Takes all the room that there is. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let size = 1024 * 1024; size >= 1;) {
      try {
        await handle.appendFile(Buffer.alloc(size));
      } catch {
        size = Math.floor(size / 4);
      }
    }
  } finally {
    await handle.close();
  }
}

test('a torn journal and a table that cannot be read are told of and mended; what was torn comes from others', async () => {
  const data = await temporaryData();
  const claims = claimsOf(0, 12);
  const other = await source(claims);
  const node = await startWhole(data, 901);
  await dial(node, other);
  await until(() => holds(node, claims), 'all are kept');
  await stop(node);
  const journals = path.join(data, 'bank/journal');
  for (const name of await readdir(journals)) {
    const file = path.join(journals, name);
    const { size } = await stat(file);
    if (size > 10) await truncate(file, size - 10);
  }
  const versions = path.join(data, 'bank/tables/proofs.lance/_versions');
  for (const name of await readdir(versions)) await writeFile(path.join(versions, name), 'damaged');

  const again = await startWhole(data, 901);
  const client = new ApiClient(again.node.service.transport());
  await until(() => client.state !== undefined, 'a state');
  expect(client.state?.notices.map(({ title }) => title)).toContain('The table of proofs was rebuilt');
  expect(claims.filter((claim) => !holds(again, [claim]))).toHaveLength(1);
  await dial(again, other);
  await until(() => holds(again, claims), 'the torn one comes again');
});

test('a node whose clock is a day off says so, hears, is heard and is blamed by nobody', async () => {
  const late = { components: { now: (): number => Date.now() + DAY } };
  const swarm: TestNode[] = [];
  for (let n = 0; n < 4; n++) swarm.push(await startNode({ settings: { sync: settings.sync } }));
  const odd = await startNode({ ...late, settings: { sync: settings.sync } });
  const all = [...swarm, odd];
  for (const { network } of all) onTestFinished(() => network.stop());
  for (const [n, node] of swarm.entries()) {
    await connect(odd, node);
    for (const other of swarm.slice(0, n)) await connect(node, other);
  }
  await until(() => eventsOf(odd, 'clock-off').length > 0, 'it says that its clock is off');
  expect(eventsOf(odd, 'clock-off')[0]?.milliseconds).toBeCloseTo(-DAY, -4);
  await until(() => all.every(({ network }) => network.stats().listeners === 4), 'all listen');
  const announce = async (node: TestNode, n: number): Promise<void> => {
    const claim = claimOf(n);
    node.store.put(claim);
    const { id: record, createdAt } = keyOf(claim);
    await node.network.announceProof({ record, statement: claim.statement.id, createdAt }, CORE);
  };
  // A day ahead of everyone, as a wrong clock signs it.
  const ahead = Math.round((Date.now() + DAY - claimOf(0).signed.record.createdAt) / 1000);
  await announce(odd, ahead);
  await announce(swarm[0] ?? odd, 1);
  await until(() => all.every(({ store }) => store.held.size === 2), 'everybody has both');
  for (const node of all) {
    expect(eventsOf(node, 'peer-penalised')).toEqual([]);
    expect(eventsOf(node, 'announcement-refused').filter(({ reason }) => reason !== 'replay')).toEqual([]);
  }
  // Its word for the time is its own clock's: what it has from others is not to be counted once more.
  const asking = await HostilePeer.raw();
  onTestFinished(() => asking[Symbol.asyncDispose]());
  const stream = await asking.open(odd, SYNC_PROTOCOL);
  const greeting = encodeHello({ records: 0, now: Date.now(), salt: new Uint8Array(16) });
  stream.send(framed(greeting));
  stream.send(framed(new Uint8Array(0)));
  const greeted = await framesIn(stream).next();
  if (greeted.done === true) throw new Error('no greeting');
  expect(decodeHello(greeted.value).now - Date.now()).toBeCloseTo(DAY, -4);
});

test('a data directory that was moved is the same node, with all that it had', async () => {
  const root = await temporaryData();
  const [before, after] = [path.join(root, 'before'), path.join(root, 'elsewhere/after')];
  const claims = claimsOf(0, 5);
  const node = await startWhole(before, 902);
  for (const claim of claims) await node.found(claim);
  await stop(node);
  await mkdir(path.dirname(after));
  await rename(before, after);
  const moved = await startWhole(after, 902);
  expect(moved.node.parts.identity.peer).toBe(identityOf(902).peer);
  expect(holds(moved, claims)).toBe(true);
  const asking = await source([]);
  await dial(moved, asking);
  await until(() => claims.every(({ signed }) => asking.store.held.has(signed.id)), 'all are served');
  expect(await readFile(path.join(after, 'identity.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\s*$/);
  await expect(stat(before)).rejects.toThrow('ENOENT');
});
