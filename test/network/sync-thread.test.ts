import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { NetworkStoppedError, SyncThreadError } from '../../core/network/errors.ts';
import type { SetKey } from '../../core/network/sync/key.ts';
import type { ReconciledSet } from '../../core/network/sync/reconciled-set.ts';
import { SyncThread } from '../../core/network/sync/thread/sync-thread.ts';
import { ThreadSet } from '../../core/network/sync/thread/thread-set.ts';
import { PROJECT } from '../support/paths.ts';
import { claimOf, claimsOf } from './support/claims.ts';
import { key, localSet, numberedKey, setOf } from './support/keys.ts';
import { longestSlice } from './support/longest-slice.ts';
import { MemoryStore } from './support/memory-store.ts';
import { connect, eventsOf, startNode, stopAll, type TestNode } from './support/swarm.ts';
import { crash, runningThreads, threadsStarted } from './support/threads.ts';

const salt = randomBytes(16);
const numbered = (count: number): SetKey[] => Array.from({ length: count }, (_, n) => numberedKey(n));

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 5, timeout: 20_000 }).toBe(true);

/** One for all tests that do not break it. */
const shared = new SyncThread();

function newSet(thread = shared): { set: ThreadSet; lost: SyncThreadError[] } {
  const lost: SyncThreadError[] = [];
  const set = new ThreadSet(thread, { onLost: (error) => lost.push(error) });
  onTestFinished(() => set.close());
  return { set, lost };
}

/** Lets two sets take turns until neither asks anything more. Returns how many keys only one of them was found to hold. */
async function reconcile(left: ReconciledSet, right: ReconciledSet): Promise<number> {
  const sides = [left.side(salt), right.side(salt)] as const;
  let turn = await sides[0].begin({});
  const found = new Set<string>();
  for (let turns = 1; ; turns++) {
    const outcome = await sides[turns % 2 === 1 ? 1 : 0].respond(turn, {});
    for (const digest of outcome.needed) found.add(Buffer.from(digest).toString('hex'));
    if (!outcome.asked) return found.size;
    turn = outcome.reply;
  }
}

describe('a set in the thread', () => {
  test('answers as one here does, in the order of asking, whatever is added and taken away', async () => {
    const step = fc.record({
      do: fc.constantFrom('add' as const, 'remove' as const, 'ask' as const),
      keys: fc.array(key, { maxLength: 60 }),
    });
    const turn = await localSet(setOf(numbered(500)))
      .side(salt)
      .begin({});
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { set } = newSet();
        const model = setOf([]);
        const answers: Promise<unknown>[] = [];
        const expected: unknown[] = [];
        for (const { do: what, keys } of steps) {
          if (what === 'ask') {
            // What was said before a turn is seen by it, without having been waited for.
            const here = localSet(model).side(salt);
            expected.push(await here.begin({}), await here.respond(turn, {}));
            const there = set.side(salt);
            answers.push(there.begin({}), there.respond(turn, {}));
            // What is said later may be seen by it.
            await Promise.all(answers);
          } else {
            answers.push(set[what](keys));
            expected.push(undefined);
            for (const one of keys) if (what === 'add') model.add(one);
            if (what === 'remove') for (const one of keys) model.delete(one);
          }
        }
        await set.side(salt).begin({});
        expect(await Promise.all(answers)).toEqual(expected);
        expect(set.size).toBe(model.size);
        set.close();
      }),
      { numRuns: 200 },
    );
  });

  test('leaves this thread to others while 100,000 keys with 1,000 differences are reconciled', async () => {
    const keys = numbered(100_000);
    const differing = (one: SetKey, n: number, side: number): boolean =>
      n % 100 !== 0 || n % 200 === 100 * side;
    const halves = [0, 1].map((side) => keys.filter((one, n) => differing(one, n, side)));
    const there = halves.map(() => newSet().set);
    for (const [i, half] of halves.entries()) await there[i]?.add(half);
    const here = halves.map((half) => localSet(setOf(half)));
    const meet = async ([left, right]: readonly ReconciledSet[]): Promise<void> => {
      if (left === undefined || right === undefined) throw new Error('two sets');
      expect(await reconcile(left, right)).toBe(1000);
    };
    const cpu = async (sets: readonly ReconciledSet[]): Promise<number> => {
      const before = process.threadCpuUsage();
      await meet(sets);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    };
    expect(await cpu(there)).toBeLessThan((await cpu(here)) / 3);
    expect(await longestSlice(() => meet(there))).toBeLessThan(8);
  });

  test('takes keys while turns are answered', async () => {
    const [left, right] = [newSet().set, newSet().set];
    const keys = numbered(30_000);
    const lefts = keys.filter((_, n) => n % 7 !== 0);
    const rights = keys.filter((_, n) => n % 11 !== 0);
    await Promise.all([left.add(lefts.slice(0, 20_000)), right.add(rights.slice(0, 20_000))]);
    const turns = reconcile(left, right);
    for (let at = 20_000; at < 30_000; at += 200) {
      await Promise.all([left.add(lefts.slice(at, at + 200)), right.add(rights.slice(at, at + 200))]);
    }
    await turns;
    const differing = keys.filter((_, n) => (n % 7 === 0) !== (n % 11 === 0)).length;
    expect(await reconcile(left, right)).toBe(differing);
  });

  test('gives a turn up at once when it is told to, and answers the next', async () => {
    const { set } = newSet();
    await set.add(numbered(50_000));
    const turn = await localSet(setOf(numbered(60_000).slice(3)))
      .side(salt)
      .begin({});
    const stop = new AbortController();
    const answer = set.side(salt).respond(turn, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    await expect(set.side(salt).begin({ signal: stop.signal })).rejects.toThrow('enough');
    expect(await set.side(salt).respond(turn, {})).toMatchObject({ asked: true });
  });

  test('says which turn is none', async () => {
    const answer = newSet().set.side(salt).respond(Uint8Array.of(255, 255), {});
    await expect(answer).rejects.toMatchObject({
      offence: 'malformed',
      message: 'malformed: a number is cut off',
    });
  });

  test('that was let go of is asked in vain', async () => {
    const { set } = newSet();
    await set.add(numbered(3));
    set.close();
    await set.add(numbered(5));
    await expect(set.side(salt).begin({})).rejects.toBeInstanceOf(NetworkStoppedError);
  });

  test('is lost with the thread; another one begins anew, and old turns do not mix with it', async () => {
    const thread = new SyncThread();
    const known = runningThreads();
    const { set, lost } = newSet(thread);
    await set.add(numbered(2000));
    const side = set.side(salt);
    await side.begin({});
    const own = runningThreads().find((one) => !known.includes(one));
    if (own === undefined) throw new Error('there is a thread');
    crash(own);
    await expect(side.begin({})).rejects.toBeInstanceOf(SyncThreadError);
    expect(lost).toHaveLength(1);
    expect(set.size).toBe(0);
    await set.add(numbered(7));
    expect(set.size).toBe(7);
    await expect(side.begin({})).rejects.toBeInstanceOf(SyncThreadError);
  });
});

describe('networks of one process', () => {
  const nodes: TestNode[] = [];
  afterEach(() => stopAll(nodes.splice(0)));

  const start = async (store?: MemoryStore): Promise<TestNode> => {
    const node = await startNode(store === undefined ? {} : { store });
    nodes.push(node);
    await until(() => eventsOf(node, 'index-built').length === 1);
    return node;
  };

  test('share one thread, which ends with the last of them', async () => {
    await until(() => runningThreads().length === 0);
    const before = threadsStarted();
    const [first, second] = [await start(), await start(new MemoryStore(claimsOf(0, 20)))];
    await connect(first, second);
    await until(() => first.store.held.size === 20);
    expect(threadsStarted() - before).toBe(1);
    await first.network.stop();
    await start();
    expect(threadsStarted() - before).toBe(1);
    await stopAll(nodes);
    await until(() => runningThreads().length === 0);
  });

  test('build their sets anew when the thread has crashed, and go on', async () => {
    const [first, second] = [await start(), await start(new MemoryStore(claimsOf(0, 20)))];
    await connect(first, second);
    await until(() => first.store.held.size === 20);
    runningThreads().forEach(crash);
    for (const node of [first, second]) {
      await until(() => eventsOf(node, 'index-built').length === 2);
      expect(eventsOf(node, 'index-lost')).toHaveLength(1);
      expect(node.network.stats().records).toBe(20);
    }
    second.store.put(claimOf(100));
    await until(() => first.store.held.size === 21);
    expect(await first.network.sync(second.network.peer)).toMatchObject({ complete: true, needed: 0 });
  });
});

test('the thread keeps no process alive that waits for nothing', async () => {
  const program = path.join(PROJECT, 'test/network/support/program-set.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
  expect(stdout).toBe('1\n');
});
