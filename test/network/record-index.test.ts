import { expect, onTestFinished, test } from 'vitest';
import type { NetworkEvent, RecordKey, SideSet } from '../../core/network/index.ts';
import { RecordIndex } from '../../core/network/sync/record-index.ts';
import { claimOf, claimsOf, keyOf } from './support/claims.ts';
import { MemoryStore } from './support/memory-store.ts';
import { connect, eventsOf, startNode, type TestNode } from './support/swarm.ts';

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 10, timeout: 10_000 }).toBe(true);

/** Keys that cannot be read the first few times. */
function failing(keys: readonly RecordKey[], times: number): () => AsyncGenerator<readonly RecordKey[]> {
  let reads = 0;
  return async function* () {
    reads++;
    if (reads > times) yield keys;
    else yield await Promise.reject(new Error('EMFILE: too many open files'));
  };
}

async function start(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  onTestFinished(() => node.network.stop());
  return node;
}

test('keys that cannot be read are read again, and their failures are told of once', async () => {
  const events: NetworkEvent[] = [];
  const keys = claimsOf(0, 5).map(keyOf);
  const index = new RecordIndex({
    store: { keys: failing(keys, 2) },
    emit: (event) => events.push(event),
  });
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort(new Error('the test is over'));
    index.close();
  });
  index.start(stop.signal);
  await expect(index.built).rejects.toThrow('EMFILE');
  // What is removed meanwhile does not come back.
  const [removed] = keys;
  if (removed !== undefined) index.remove([removed]);
  await until(() => index.isBuilt);
  await index.built;
  expect(index.set.size).toBe(4);
  const failures = events.filter(({ type }) => type === 'index-failed');
  expect(failures).toEqual([{ type: 'index-failed', reason: 'EMFILE: too many open files' }]);
});

test('a reading that breaks off is no index, and stopping ends what waits for one', async () => {
  const keys = claimsOf(0, 5).map(keyOf);
  const events: NetworkEvent[] = [];
  const index = new RecordIndex({
    store: {
      async *keys() {
        yield keys;
        await Promise.reject(new Error('the bank is busy'));
      },
    },
    emit: (event) => events.push(event),
  });
  const stop = new AbortController();
  index.start(stop.signal);
  await until(() => events.length > 0);
  expect(index.isBuilt).toBe(false);
  const { built } = index;
  stop.abort(new Error('the test is over'));
  await expect(built).rejects.toThrow('the test is over');
  index.close();
  expect(events.map(({ type }) => type)).toEqual(['index-failed']);
});

test('a node whose keys could not be read at first reconciles when they can be', async () => {
  const store = new MemoryStore(claimsOf(0, 3));
  store.keys = failing(claimsOf(0, 3).map(keyOf), 1);
  const settings = { sync: { settleMs: 100, intervalMs: 300 } };
  const late = await start({ store, settings });
  const other = await start({ store: new MemoryStore([claimOf(7)]), settings });
  await until(() => eventsOf(late, 'index-failed').length === 1);
  await connect(late, other);
  await until(() => late.store.held.size === 4 && other.store.held.size === 4);
  expect(eventsOf(late, 'index-failed')).toHaveLength(1);
});

test('a side set whose keys could not be read at first says so, and reconciles when they can be', async () => {
  const record = claimOf(1).signed.id;
  const sideSet = (held: ReadonlyMap<string, Uint8Array>, taken: string[], times: number): SideSet => ({
    kind: { name: 'notes', decode: (bytes) => Buffer.from(bytes).toString() },
    keys: failing(
      [...held.keys()].map((id) => ({ id, createdAt: 1 })),
      times,
    ),
    missing: (ids) => ids.filter((id) => !held.has(id) && taken.length === 0),
    take: (body) => Promise.resolve(void taken.push(body as string)),
    onRemoved: () => () => undefined,
  });
  const settings = { sync: { settleMs: 100, intervalMs: 300 } };
  const taken: string[] = [];
  const held = new Map([[record, Buffer.from('a note')]]);
  const giver = await start({
    settings,
    components: {
      sets: [sideSet(held, [], 1)],
      bodies: new Map([
        ['notes', (id) => Promise.resolve({ bytes: held.get(id) ?? new Uint8Array(), vouched: false })],
      ]),
    },
  });
  const taker = await start({ settings, components: { sets: [sideSet(new Map(), taken, 0)] } });
  await until(() => eventsOf(giver, 'index-failed').length === 1);
  expect(eventsOf(giver, 'index-failed')).toMatchObject([{ reason: 'notes: EMFILE: too many open files' }]);
  await connect(taker, giver);
  await until(() => taken.length === 1);
  expect(taken).toEqual(['a note']);
});
