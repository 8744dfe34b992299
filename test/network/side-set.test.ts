import { expect, onTestFinished, test } from 'vitest';
import type { RecordKey, SideSet } from '../../core/network/index.ts';
import { Absent } from '../../core/network/sets/absent.ts';
import { contentId, type ContentId } from '../../core/record/index.ts';
import { connect, startNode, type TestNode } from './support/swarm.ts';

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 10, timeout: 10_000 }).toBe(true);

const keyOf = (id: ContentId): RecordKey => ({ id, createdAt: 1 });

/** A node with a side set of notes; it may name some that it does not have. */
async function nodeWith(named: readonly ContentId[], held: ReadonlySet<ContentId>) {
  const taken = new Set<ContentId>();
  const asked: ContentId[] = [];
  let removed: (keys: readonly RecordKey[]) => void = () => undefined;
  const set: SideSet<ContentId> = {
    kind: { name: 'notes', decode: (_, id) => id },
    keys: () => ReadableStream.from([named.map(keyOf)]),
    missing: (ids) => ids.filter((id) => !held.has(id) && !taken.has(id)),
    take: (id) => Promise.resolve(void taken.add(id)),
    onRemoved: (listener) => {
      removed = listener;
      return () => undefined;
    },
  };
  const node: TestNode = await startNode({
    settings: { sync: { settleMs: 100, intervalMs: 300 } },
    components: {
      sets: [set],
      bodies: new Map([
        [
          'notes',
          (id) => {
            asked.push(id);
            return Promise.resolve(held.has(id) ? { bytes: new Uint8Array([1]), vouched: false } : undefined);
          },
        ],
      ]),
    },
  });
  onTestFinished(() => node.network.stop());
  const add = (id: ContentId): void => node.network.sideRecordsAdded('notes', [keyOf(id)]);
  return { node, taken, asked, add, remove: (id: ContentId) => removed([keyOf(id)]) };
}

const [NAMED, SECOND, THIRD] = [contentId(1), contentId(2), contentId(3)];

test('what a peer names and does not give is not asked of it again at each session', async () => {
  const held = new Set([SECOND, THIRD]);
  const giver = await nodeWith([NAMED], held);
  const taker = await nodeWith([], new Set());
  await connect(taker.node, giver.node);
  await until(() => giver.asked.includes(NAMED));
  for (const id of [SECOND, THIRD]) {
    giver.add(id);
    await until(() => taker.taken.has(id));
  }
  expect(giver.asked.filter((id) => id === NAMED)).toHaveLength(1);
});

test('what one peer does not give is asked of another', async () => {
  const taker = await nodeWith([], new Set());
  const without = await nodeWith([NAMED], new Set());
  await connect(taker.node, without.node);
  await until(() => without.asked.includes(NAMED));
  const giver = await nodeWith([NAMED], new Set([NAMED]));
  await connect(taker.node, giver.node);
  await until(() => taker.taken.has(NAMED));
  expect(giver.asked).toEqual([NAMED]);
});

test('what is removed is not offered', async () => {
  const held = new Set([NAMED, SECOND]);
  const giver = await nodeWith([NAMED, SECOND], held);
  giver.remove(NAMED);
  const taker = await nodeWith([], new Set());
  await connect(taker.node, giver.node);
  await until(() => taker.taken.has(SECOND));
  expect([...taker.taken]).toEqual([SECOND]);
});

test('so many are remembered of each peer, until it is gone or the time is over', () => {
  const absent = new Absent(60_000);
  const ids = Array.from({ length: 5000 }, (_, n) => contentId(n));
  absent.add('a', ids);
  absent.add('b', [NAMED]);
  expect(ids.filter((id) => absent.has('a', id))).toEqual(ids.slice(-4096));
  expect(absent.has('b', NAMED)).toBe(true);
  absent.forget('b');
  expect(absent.has('b', NAMED)).toBe(false);
  const brief = new Absent(0);
  brief.add('a', [NAMED]);
  expect(brief.has('a', NAMED)).toBe(false);
});
