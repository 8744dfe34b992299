import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PeerTooSlowError, ProtocolViolationError } from '../../core/network/errors.ts';
import type { SyncSummary } from '../../core/network/events.ts';
import { encodeHello } from '../../core/network/sync/hello.ts';
import { END } from '../../core/network/sync/key.ts';
import type { RecordSet } from '../../core/network/sync/record-set.ts';
import { runSyncSession } from '../../core/network/sync/session.ts';
import { TurnWriter } from '../../core/network/sync/turn.ts';
import { digestOf, idOf } from '../../core/network/wire/digest.ts';
import { pause } from '../../core/network/wire/race.ts';
import { claimsOf } from './support/claims.ts';
import { fetcherOf, honest, type AskedPeer } from './support/fetcher.ts';
import { keysOf, localSet, nameOf, numberedKey, setOf } from './support/keys.ts';
import { MemoryChannel } from './support/memory-channel.ts';
import { MemoryStore } from './support/memory-store.ts';

interface Side {
  readonly set: RecordSet;
  readonly needed: Uint8Array[];
}

const side = (set: RecordSet): Side => ({ set, needed: [] });
const LIMITS = { timeoutMs: 1000 };

function session(
  own: Side,
  channel: MemoryChannel,
  role: 'initiator' | 'responder',
  options: { room?: number; frameTimeoutMs?: number; patienceMs?: number; signal?: AbortSignal } = {},
): Promise<SyncSummary> {
  const { room = Infinity, frameTimeoutMs = 1000, patienceMs = 60_000, signal } = options;
  let proved = 0;
  return runSyncSession(
    {
      set: localSet(own.set),
      channel,
      now: () => 1000,
      onHello: () => undefined,
      onNeeded: (digests) => {
        const here = new Set(keysOf(own.set).map(({ digest }) => Buffer.from(digest).toString('hex')));
        proved += digests.filter((digest) => !here.has(Buffer.from(digest).toString('hex'))).length;
        own.needed.push(...digests);
        return Promise.resolve({ room: own.needed.length < room, proved });
      },
      onProgress: () => undefined,
    },
    { role, frameTimeoutMs, patienceMs, ...(signal === undefined ? {} : { signal }) },
  );
}

async function meet(
  left: Side,
  right: Side,
  options: { breakAfter?: number; room?: number } = {},
): Promise<SyncSummary[]> {
  const [a, b] = MemoryChannel.pair();
  if (options.breakAfter !== undefined) a.breakAfter = options.breakAfter;
  const ending = async (summary: Promise<SyncSummary>, channel: MemoryChannel): Promise<SyncSummary> => {
    const result = await summary;
    await channel.close();
    return result;
  };
  return Promise.all([
    ending(session(left, a, 'initiator', options), a),
    ending(session(right, b, 'responder', options), b),
  ]);
}

describe('a session', () => {
  test('is complete on both sides, in both directions', async () => {
    const left = side(setOf([1, 2, 3, 5, 8].map(numberedKey)));
    const right = side(setOf([2, 3, 4, 9].map(numberedKey)));
    const [a, b] = await meet(left, right);
    expect(a).toMatchObject({ complete: true, needed: 2, offered: 3 });
    expect(b).toMatchObject({ complete: true, needed: 3, offered: 2 });
    expect(a?.bytesIn).toBe(b?.bytesOut);
  });

  test('that has no more room ends, and the next one goes on', async () => {
    const all = Array.from({ length: 20_000 }, (_, n) => numberedKey(n));
    const byDigest = new Map(all.map((one) => [Buffer.from(one.digest).toString('hex'), one]));
    const left = side(setOf([]));
    const right = setOf(all);
    let sessions = 0;
    for (; left.set.size < right.size && sessions < 20; sessions++) {
      left.needed.length = 0;
      const [summary] = await meet(left, side(right), { room: 5000 });
      expect(summary?.complete).toBe(left.set.size + left.needed.length === right.size);
      for (const digest of left.needed) {
        const found = byDigest.get(Buffer.from(digest).toString('hex'));
        if (found !== undefined) left.set.add(found);
      }
    }
    expect(left.set.size).toBe(right.size);
    expect(sessions).toBeLessThan(5);
  });

  test('that breaks off is incomplete and no error', async () => {
    const left = side(setOf(Array.from({ length: 500 }, (_, n) => numberedKey(2 * n))));
    const right = side(setOf(Array.from({ length: 500 }, (_, n) => numberedKey(3 * n))));
    const summaries = await meet(left, right, { breakAfter: 2 });
    expect(summaries.map(({ complete }) => complete)).toEqual([false, false]);
  });

  test('ends when it is told to', async () => {
    const [channel] = MemoryChannel.pair();
    const stop = new AbortController();
    const running = session(side(setOf([])), channel, 'initiator', { signal: stop.signal });
    stop.abort(new Error('stop'));
    await expect(running).rejects.toThrow('stop');
  });

  test('with a peer that says nothing ends', async () => {
    const [channel] = MemoryChannel.pair();
    await expect(
      session(side(setOf([])), channel, 'initiator', { frameTimeoutMs: 30 }),
    ).rejects.toBeInstanceOf(PeerTooSlowError);
  });

  test('with a peer that turns in circles ends, and the peer is to blame', async () => {
    const [channel, peer] = MemoryChannel.pair();
    const running = session(side(setOf([numberedKey(1)])), channel, 'responder');
    await peer.write(encodeHello({ records: 1, now: 0, salt: new Uint8Array(16) }), LIMITS);
    const circle = async (): Promise<void> => {
      for (let turn = 0; turn < 100; turn++) {
        const writer = new TurnWriter();
        writer.write({ upper: END, kind: 'fingerprint', fingerprint: new Uint8Array(16).fill(turn) });
        await peer.write(writer.finish(), LIMITS);
      }
    };
    await circle();
    await expect(running).rejects.toMatchObject({ offence: 'loop' });
  });

  /** Answers each turn after a while, with a digest and a fingerprint that is wrong. */
  async function linger(
    peer: MemoryChannel,
    digestOf: (turn: number) => Uint8Array,
    turns: number,
    milliseconds = 40,
  ) {
    await peer.write(encodeHello({ records: 1, now: 0, salt: new Uint8Array(16) }), LIMITS);
    for (let turn = 0; turn < turns; turn++) {
      await pause(milliseconds);
      const writer = new TurnWriter();
      const upper = { time: 1, prefix: new Uint8Array(0) };
      writer.write({ upper, kind: 'answer', missing: [digestOf(turn)], wanted: [] });
      writer.write({ upper: END, kind: 'fingerprint', fingerprint: new Uint8Array(16).fill(turn) });
      await peer.write(writer.finish(), LIMITS);
    }
    await peer.close();
  }

  test('with a peer that names what is here already, turn after turn, ends, and nobody is to blame', async () => {
    const [channel, peer] = MemoryChannel.pair();
    const held = numberedKey(1);
    const running = session(side(setOf([held])), channel, 'responder', { patienceMs: 200 });
    void linger(peer, () => held.digest, 50).catch(() => undefined);
    await expect(running).rejects.toBeInstanceOf(PeerTooSlowError);
  });

  test('that has no end is ended, and nobody is to blame', async () => {
    const [channel, peer] = MemoryChannel.pair();
    const held = numberedKey(1);
    const running = session(side(setOf([held])), channel, 'responder');
    void linger(peer, () => held.digest, 2000, 0).catch(() => undefined);
    await expect(running).rejects.toThrow(new PeerTooSlowError('2000 turns and no end'));
  });

  test('with a slow peer that has something new each turn goes on', async () => {
    const [channel, peer] = MemoryChannel.pair();
    const running = session(side(setOf([numberedKey(1)])), channel, 'responder', { patienceMs: 200 });
    await linger(peer, (turn) => numberedKey(turn + 2).digest, 15);
    await expect(running).resolves.toMatchObject({ needed: 15 });
  });

  /** A session whose records are fetched from the peer as it names them. */
  function fetching(given: AskedPeer) {
    const [channel, peer] = MemoryChannel.pair();
    const { fetcher, blamed } = fetcherOf(new MemoryStore(), { peer: given });
    onTestFinished(() => fetcher.stop());
    const running = runSyncSession(
      {
        set: localSet(setOf([numberedKey(1)])),
        channel,
        now: () => 1000,
        onHello: () => undefined,
        onNeeded: (digests) => fetcher.need(digests.map(idOf), 'peer'),
        onProgress: () => undefined,
      },
      { role: 'responder', frameTimeoutMs: 1000, patienceMs: 200 },
    );
    return { peer, running, blamed };
  }

  test('with a peer that names what nobody has, one each turn, and gives none of it, ends', async () => {
    const { peer, running } = fetching((channel) => {
      channel.abort(new Error('reset'));
      return Promise.resolve();
    });
    void linger(peer, (turn) => numberedKey(turn + 2).digest, 50).catch(() => undefined);
    await expect(running).rejects.toBeInstanceOf(PeerTooSlowError);
  });

  test('with a slow peer that gives what it names goes on', async () => {
    const claims = claimsOf(0, 15);
    const digests = claims.map(({ signed }) => digestOf(signed.id));
    const { peer, running, blamed } = fetching(honest(claims));
    await linger(peer, (turn) => digests[turn] ?? new Uint8Array(32), 15);
    await expect(running).resolves.toMatchObject({ needed: 15 });
    expect(blamed).toEqual([]);
  });

  test('with a peer that sends any bytes ends in a blame or an end, never in anything worse', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('initiator' as const, 'responder' as const),
        fc.boolean(),
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }),
        async (role, greets, frames) => {
          const [channel, peer] = MemoryChannel.pair();
          const running = session(side(setOf([1, 2, 3].map(numberedKey))), channel, role);
          const hello = encodeHello({ records: 5, now: 0, salt: new Uint8Array(16) });
          for (const frame of greets ? [hello, ...frames] : frames) await peer.write(frame, LIMITS);
          await peer.close();
          await running.catch((error: unknown) => expect(error).toBeInstanceOf(ProtocolViolationError));
          expect(running).toBeInstanceOf(Promise);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** A swarm without a network: sets that meet in pairs, and deliveries that arrive late, twice, or in any order. */
class Model {
  readonly nodes: { set: RecordSet; deliveries: number[] }[] = [];
  readonly #byDigest = new Map<string, number>();

  join(): void {
    this.nodes.push({ set: setOf([]), deliveries: [] });
  }

  create(at: number, n: number): void {
    const one = numberedKey(n);
    this.#byDigest.set(Buffer.from(one.digest).toString('hex'), n);
    this.#node(at).set.add(one);
  }

  /** The set is kept on disk; what was on its way to the node is not. */
  restart(at: number): void {
    const node = this.#node(at);
    node.set = setOf(keysOf(node.set).toReversed());
    node.deliveries.length = 0;
  }

  async meet(one: number, other: number, breakAfter: number | undefined): Promise<void> {
    const [left, right] = [this.#node(one), this.#node(other)];
    if (left === right) return;
    const sides = [side(left.set), side(right.set)] as const;
    await meet(...sides, breakAfter === undefined ? {} : { breakAfter });
    for (const [i, node] of [left, right].entries()) {
      for (const digest of sides[i === 0 ? 0 : 1].needed) {
        const n = this.#byDigest.get(Buffer.from(digest).toString('hex'));
        if (n !== undefined) node.deliveries.push(n);
      }
    }
  }

  /** Some of what is on its way arrives: in an order of its own, and perhaps again later. */
  deliver(at: number, order: number, again: boolean): void {
    const node = this.#node(at);
    for (let count = 0; count < 40 && node.deliveries.length > 0; count++) {
      const [n] = node.deliveries.splice((order * (count + 1)) % node.deliveries.length, 1);
      if (n === undefined) return;
      node.set.add(numberedKey(n));
      if (again && count === 0) node.deliveries.push(n);
    }
  }

  #node(at: number): { set: RecordSet; deliveries: number[] } {
    const node = this.nodes[at % this.nodes.length];
    if (node === undefined) throw new Error('no nodes');
    return node;
  }
}

const at = fc.nat(1000);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('create' as const), at, count: fc.integer({ min: 1, max: 60 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('meet' as const),
      at,
      other: at,
      breakAfter: fc.option(fc.nat(4)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), at, order: at, again: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('join' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), at }) },
);

test('nodes that were apart converge, whatever happened before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const model = new Model();
      model.join();
      model.join();
      let created = 0;
      for (const one of steps) {
        if (one.do === 'join' && model.nodes.length < 6) model.join();
        if (one.do === 'create') for (let i = 0; i < one.count; i++) model.create(one.at, created++);
        if (one.do === 'restart') model.restart(one.at);
        if (one.do === 'meet') await model.meet(one.at, one.other, one.breakAfter ?? undefined);
        if (one.do === 'deliver') model.deliver(one.at, one.order, one.again);
      }
      // The partitions are over: each meets its neighbour, twice round, and what is on its way arrives.
      for (let round = 0; round < 2 * model.nodes.length; round++) {
        await model.meet(round, round + 1, undefined);
        for (let i = 0; i < 10; i++) {
          model.deliver(round, 7, false);
          model.deliver(round + 1, 3, false);
        }
        while (model.nodes.some(({ deliveries }) => deliveries.length > 0)) {
          for (let i = 0; i < model.nodes.length; i++) model.deliver(i, 1, false);
        }
      }
      const expected = Array.from({ length: created }, (_, n) => nameOf(numberedKey(n)));
      for (const { set } of model.nodes) expect(keysOf(set).map(nameOf)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
