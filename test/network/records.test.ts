import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeClaim, encodeProof, type ClaimedProof } from '../../core/record/index.ts';
import { PeerTooSlowError, ProtocolViolationError } from '../../core/network/errors.ts';
import type { NetworkEvent } from '../../core/network/index.ts';
import { askForBodies, type Answer } from '../../core/network/records/ask.ts';
import { Fetcher, PROOF_BODY } from '../../core/network/records/fetcher.ts';
import {
  ANSWER_BUDGET_BYTES,
  decodeAnswer,
  encodeAnswer,
  MAX_BODY_BYTES,
  MAX_REQUESTED,
} from '../../core/network/records/protocol.ts';
import { RecordsServer } from '../../core/network/records/server.ts';
import type { Offence } from '../../core/network/reputation/offences.ts';
import { Patience } from '../../core/network/reputation/patience.ts';
import { digestOf } from '../../core/network/wire/digest.ts';
import { encodeMessage } from '../../core/network/wire/messages.ts';
import { claimOf, claimsOf, identityOf } from './support/claims.ts';
import { MemoryChannel } from './support/memory-channel.ts';
import { MemoryStore } from './support/memory-store.ts';

const RATE = { perSecond: 1e9, burst: 1e9 };
const LIMITS = { timeoutMs: 2000 };
const INIT = { frameTimeoutMs: 300, answerTimeoutMs: 1000, signal: new AbortController().signal };

const ask = (channel: MemoryChannel, claims: readonly ClaimedProof[]): Promise<Answer<ClaimedProof>> =>
  askForBodies(
    channel,
    PROOF_BODY,
    claims.map((claim) => claim.signed.id),
    INIT,
  );

const bodyOf = (claim: ClaimedProof, bytes = encodeClaim(claim)): Uint8Array =>
  encodeAnswer({ kind: 'body', digest: digestOf(claim.signed.id), body: bytes, vouched: true });

/** Lets a peer answer with these frames, whatever it was asked. */
async function answered(
  claims: readonly ClaimedProof[],
  frames: readonly Uint8Array[],
  end = true,
): Promise<Answer<ClaimedProof>> {
  const [channel, peer] = MemoryChannel.pair();
  for (const frame of frames) await peer.write(frame, LIMITS);
  if (end) await peer.close();
  return ask(channel, claims);
}

function serverOf(store: MemoryStore, blamed: Offence[] = [], uploadLimit?: () => number): RecordsServer {
  return new RecordsServer(
    {
      store,
      bodies: new Map(),
      penalise: (_, offence) => blamed.push(offence),
      ...(uploadLimit && { uploadLimit }),
    },
    { bytesPerPeer: RATE, frameTimeoutMs: 300 },
  );
}

describe('asking one peer', () => {
  test('gives what it has and says what it has not', async () => {
    const claims = claimsOf(0, 10);
    const server = serverOf(new MemoryStore(claims.slice(0, 7)));
    const [channel, other] = MemoryChannel.pair();
    const [answer] = await Promise.all([ask(channel, claims), server.serve('peer', other)]);
    expect(answer.error).toBeUndefined();
    expect(answer.bodies.map(({ body }) => body)).toEqual(claims.slice(0, 7));
    expect(answer.absent).toEqual(claims.slice(7).map((claim) => claim.signed.id));
  });

  test('keeps the sender to its word on what it vouches for', async () => {
    const store = new MemoryStore();
    store.put(claimOf(1), false);
    store.put(claimOf(2), true);
    const [channel, other] = MemoryChannel.pair();
    const [answer] = await Promise.all([ask(channel, claimsOf(1, 3)), serverOf(store).serve('peer', other)]);
    expect(answer.bodies.map(({ vouched }) => vouched)).toEqual([false, true]);
  });

  test('has no more than the upload limit allows, over a minute; what is left is asked for again', async () => {
    const claims = claimsOf(0, 10);
    const size = encodeClaim(claims[0] ?? claimOf(0)).length;
    let limit = (4 * size) / 60;
    const blamed: Offence[] = [];
    const server = serverOf(new MemoryStore(claims), blamed, () => limit);
    const askAll = async (): Promise<Answer<ClaimedProof>> => {
      const [channel, other] = MemoryChannel.pair();
      const [answer] = await Promise.all([ask(channel, claims), server.serve('peer', other)]);
      return answer;
    };
    const first = await askAll();
    expect(first.error).toBeUndefined();
    // A minute's worth, and one that goes beyond it.
    expect(first.bodies.length).toBeGreaterThanOrEqual(4);
    expect(first.bodies.length).toBeLessThanOrEqual(6);
    const second = await askAll();
    expect(second.bodies).toEqual([]);
    expect(second.error).not.toBeInstanceOf(ProtocolViolationError);
    limit = 1e9;
    expect((await askAll()).bodies).toHaveLength(10);
    expect(blamed).toEqual([]);
  });

  test('stops at the budget; the rest can be asked for again', async () => {
    const large = Array.from({ length: 6 }, (_, n) =>
      claimOf(n, { submission: `theorem x : True := trivial\n--${'x'.repeat(990_000)}` }),
    );
    const server = serverOf(new MemoryStore(large));
    const got: string[] = [];
    for (let asked = 0; got.length < large.length && asked < 4; asked++) {
      const [channel, other] = MemoryChannel.pair();
      const open = large.filter((claim) => !got.includes(claim.signed.id));
      const [answer] = await Promise.all([ask(channel, open), server.serve('peer', other)]);
      expect(answer.error).toBeUndefined();
      expect(channel.bytesIn).toBeLessThan(ANSWER_BUDGET_BYTES + MAX_BODY_BYTES);
      got.push(...answer.bodies.map(({ id }) => id));
    }
    expect(got).toHaveLength(6);
  });

  const [one, two] = [claimOf(1), claimOf(2)];
  const unsigned = { ...one, signed: { ...one.signed, signature: new Uint8Array(64).fill(1) } };
  test.each<[string, Uint8Array[], Offence]>([
    ['another record than the one it names', [bodyOf(one, encodeClaim(two))], 'forged'],
    ['a record that nobody signed', [bodyOf(unsigned)], 'forged'],
    [
      'a record with another statement',
      [
        bodyOf(
          one,
          encodeMessage({
            proof: encodeProof(one.signed),
            statement: {
              environment: two.statement.environment,
              header: '',
              formal: two.statement.formal,
              name: two.statement.name,
            },
          }),
        ),
      ],
      'forged',
    ],
    ['what was not asked for', [bodyOf(two)], 'malformed'],
    ['the same twice', [bodyOf(one), bodyOf(one)], 'malformed'],
    ['no message', [new Uint8Array([1, 2, 3])], 'malformed'],
    [
      'a message with a field too many',
      [encodeMessage({ kind: 'absent', digests: [digestOf(one.signed.id)], reason: 'unknown', more: 1 })],
      'malformed',
    ],
    ['too large a frame', [new Uint8Array(MAX_BODY_BYTES + 1000)], 'oversized'],
  ])('blames it for %s', async (_, frames, offence) => {
    const answer = await answered([one, claimOf(3)], frames);
    expect(answer.error).toBeInstanceOf(ProtocolViolationError);
    expect(answer.error).toMatchObject({ offence });
  });

  test('keeps what came before the garbage', async () => {
    const answer = await answered(claimsOf(1, 3), [bodyOf(one), new Uint8Array([0xff])]);
    expect(answer.bodies.map(({ id }) => id)).toEqual([one.signed.id]);
    expect(answer.error).toMatchObject({ offence: 'malformed' });
  });

  test('does not wait for ever', async () => {
    expect((await answered([one], [], false)).error).toBeInstanceOf(PeerTooSlowError);
  });

  test('survives any frames', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(bodyOf(one))), { maxLength: 4 }),
        async (frames) => {
          const answer = await answered([one], frames);
          expect(answer.bodies.length + answer.absent.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('serving', () => {
  test('blames a peer for a request that is none, whatever the bytes', async () => {
    const server = serverOf(new MemoryStore(claimsOf(0, 2)));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (frame) => {
        const [channel, other] = MemoryChannel.pair();
        await channel.write(frame, LIMITS);
        await channel.close();
        await server.serve('peer', other);
        expect(other.error).toBeInstanceOf(ProtocolViolationError);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      'too many ids',
      { kind: 'proof', digests: Array.from({ length: MAX_REQUESTED + 1 }, () => new Uint8Array(32)) },
    ],
    ['no id', { kind: 'proof', digests: [] }],
    ['a short id', { kind: 'proof', digests: [new Uint8Array(31)] }],
  ])('refuses %s', async (_, request) => {
    const blamed: Offence[] = [];
    const [channel, other] = MemoryChannel.pair();
    await channel.write(encodeMessage(request), LIMITS);
    await serverOf(new MemoryStore(), blamed).serve('peer', other);
    expect(blamed).toEqual(['malformed']);
  });

  test('says of a kind that it does not know that it has none', async () => {
    const [channel, other] = MemoryChannel.pair();
    const digest = digestOf(claimOf(1).signed.id);
    await channel.write(encodeMessage({ kind: 'pack', digests: [digest] }), LIMITS);
    await serverOf(new MemoryStore([claimOf(1)])).serve('peer', other);
    const frame = await channel.read({ maxBytes: 1000, ...LIMITS });
    expect(frame && decodeAnswer(frame)).toEqual({
      kind: 'absent',
      digests: [digest],
      reason: 'unknown',
    });
  });

  test('waits for no request for ever', async () => {
    const [, other] = MemoryChannel.pair();
    await serverOf(new MemoryStore()).serve('peer', other);
    expect(other.error).toBeInstanceOf(PeerTooSlowError);
  });
});

describe('fetching from several peers', () => {
  type Peer = (channel: MemoryChannel) => Promise<void>;

  function fetcherOf(store: MemoryStore, peers: Record<string, Peer>, capacity = 1000) {
    const events: NetworkEvent[] = [];
    const blamed: [string, Offence][] = [];
    const unavailable: string[] = [];
    let asked = 0;
    const fetcher: Fetcher = new Fetcher(
      {
        store,
        emit: (event) => events.push(event),
        open: (peer) => {
          const [channel, other] = MemoryChannel.pair();
          asked++;
          void peers[peer]?.(other);
          return Promise.resolve(channel);
        },
        penalise: (peer, offence) => blamed.push([peer, offence]),
        patience: new Patience({ emit: (event) => events.push(event) }),
        onRoom: () => undefined,
        onUnavailable: (id) => unavailable.push(id),
      },
      { capacity, maxPeers: 4, batch: 16, frameTimeoutMs: 200, answerTimeoutMs: 1000 },
    );
    return { fetcher, events, blamed, unavailable, asked: () => asked };
  }

  const honest = (claims: readonly ClaimedProof[]): Peer => {
    const server = serverOf(new MemoryStore(claims));
    return (channel) => server.serve('me', channel);
  };
  const until = async (condition: () => boolean): Promise<void> => {
    await expect.poll(condition, { interval: 5, timeout: 10_000 }).toBe(true);
  };

  test('gets all, each once, and spreads the work', async () => {
    const claims = claimsOf(0, 120);
    const ids = claims.map((claim) => claim.signed.id);
    const store = new MemoryStore();
    const { fetcher, events } = fetcherOf(store, { a: honest(claims), b: honest(claims), c: honest(claims) });
    await Promise.all(['a', 'b', 'c'].map((peer) => fetcher.want(ids, peer, true)));
    await until(() => store.held.size === 120);
    expect(store.received).toHaveLength(120);
    const from = new Set(events.flatMap((event) => (event.type === 'record-received' ? [event.from] : [])));
    expect(from.size).toBe(3);
    await fetcher.stop();
  });

  test('asks another peer where one lies, is silent, breaks off or has nothing', async () => {
    const claims = claimsOf(0, 20);
    const ids = claims.map((claim) => claim.signed.id);
    const liars: Record<string, Peer> = {
      garbage: (channel) => channel.write(new Uint8Array([1]), LIMITS),
      silent: () => Promise.resolve(),
      broken: (channel) => {
        channel.abort(new Error('gone'));
        return Promise.resolve();
      },
      empty: honest([]),
      // Where another peer is asked for the record, it is not even what was asked for.
      swapped: async (channel) => {
        for (const claim of claims)
          await channel.write(bodyOf(claim, encodeClaim(claimOf(99))), LIMITS).catch(() => undefined);
      },
    };
    const store = new MemoryStore();
    const { fetcher, blamed } = fetcherOf(store, { ...liars, honest: honest(claims) });
    for (const peer of Object.keys(liars)) await fetcher.want(ids, peer, true);
    await fetcher.want(ids, 'honest', true);
    await until(() => store.held.size === 20);
    const offences = new Map(blamed);
    expect(offences.get('honest')).toBeUndefined();
    const deserved: Record<string, Offence[]> = {
      garbage: ['malformed'],
      silent: [],
      broken: [],
      empty: ['phantom'],
      swapped: ['forged', 'malformed'],
    };
    for (const [peer, offence] of blamed) expect(deserved[peer]).toContain(offence);
    await fetcher.stop();
  });

  test('leaves one that is silent alone, and the room that its offers took to others', async () => {
    const claims = claimsOf(0, 40);
    const ids = claims.map((claim) => claim.signed.id);
    const store = new MemoryStore();
    const { fetcher, events, blamed, unavailable, asked } = fetcherOf(
      store,
      { silent: () => Promise.resolve(), honest: honest(claims) },
      40,
    );
    await fetcher.want(ids, 'silent', true);
    expect(fetcher.room).toBe(0);
    await until(() => fetcher.room === 40);
    expect(asked()).toBe(1);
    expect([...unavailable].sort()).toEqual([...ids].sort());
    expect(events.filter(({ type }) => type === 'peer-set-aside')).toMatchObject([{ peer: 'silent' }]);
    await fetcher.want(ids.slice(0, 3), 'silent', true);
    expect(fetcher.waiting).toBe(0);
    expect(unavailable).toHaveLength(43);
    await fetcher.want(ids, 'honest', true);
    await until(() => store.held.size === 40);
    expect(blamed).toEqual([]);
    await fetcher.stop();
  });

  test('blames nobody for what was offered after it was asked for', async () => {
    const claim = claimOf(1);
    const { id } = claim.signed;
    const asked = Promise.withResolvers<undefined>();
    const offered = Promise.withResolvers<undefined>();
    const late: Peer = async (channel) => {
      asked.resolve(undefined);
      await offered.promise;
      await honest([])(channel);
    };
    const { fetcher, blamed, unavailable } = fetcherOf(new MemoryStore(), { late });
    await fetcher.want([id], 'late', false);
    await asked.promise;
    await fetcher.want([id], 'late', true);
    offered.resolve(undefined);
    await until(() => unavailable.length > 0);
    expect(blamed).toEqual([]);
    await fetcher.stop();
  });

  test('gives up what nobody has, and says so', async () => {
    const { fetcher, unavailable } = fetcherOf(new MemoryStore(), { a: honest([]), b: honest([]) });
    const id = claimOf(1).signed.id;
    await fetcher.want([id], 'a', false);
    await fetcher.want([id], 'b', false);
    await until(() => unavailable.length > 0);
    expect(fetcher.waiting).toBe(0);
    await fetcher.stop();
  });

  test('takes no more than it has room for', async () => {
    const store = new MemoryStore();
    const { fetcher } = fetcherOf(store, { a: () => Promise.resolve() }, 50);
    await fetcher.want(
      claimsOf(0, 80).map((claim) => claim.signed.id),
      'a',
      true,
    );
    expect(fetcher.waiting).toBe(50);
    expect(fetcher.room).toBe(0);
    await fetcher.stop();
  });

  test('waits for the store before it asks again', async () => {
    const claims = claimsOf(0, 64);
    const store = new MemoryStore();
    const judged = Promise.withResolvers<boolean>();
    store.judge = () => judged.promise;
    const { fetcher, asked } = fetcherOf(store, { a: honest(claims) });
    await fetcher.want(
      claims.map((claim) => claim.signed.id),
      'a',
      true,
    );
    await until(() => store.received.length === 1);
    expect(asked()).toBe(1);
    judged.resolve(true);
    await until(() => store.held.size === 64);
    expect(asked()).toBe(4);
    await fetcher.stop();
  });

  test('does not fetch what the store refused before', async () => {
    const bad = claimOf(5, { by: identityOf(77) });
    const store = new MemoryStore();
    store.judge = () => false;
    const { fetcher, asked } = fetcherOf(store, { a: honest([bad]) });
    await fetcher.want([bad.signed.id], 'a', true);
    await until(() => store.refused.size === 1);
    await fetcher.want([bad.signed.id], 'a', true);
    expect(fetcher.waiting).toBe(0);
    expect(asked()).toBe(1);
    await fetcher.stop();
  });
});
