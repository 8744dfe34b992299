import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeClaim, encodeProof, type ClaimedProof } from '../../core/record/index.ts';
import { PeerTooSlowError, ProtocolViolationError, StreamEndedError } from '../../core/network/errors.ts';
import { askForBodies, type Answer } from '../../core/network/records/ask.ts';
import { PROOF_BODY } from '../../core/network/records/fetcher.ts';
import {
  ANSWER_BUDGET_BYTES,
  decodeAnswer,
  MAX_BODY_BYTES,
  MAX_REQUESTED,
} from '../../core/network/records/protocol.ts';
import type { Offence } from '../../core/network/reputation/offences.ts';
import { Patience } from '../../core/network/reputation/patience.ts';
import { digestOf } from '../../core/network/wire/digest.ts';
import { encodeMessage } from '../../core/network/wire/messages.ts';
import { claimOf, claimsOf } from './support/claims.ts';
import { MemoryChannel } from './support/memory-channel.ts';
import { MemoryStore } from './support/memory-store.ts';
import { bodyOf, LIMITS, serverOf } from './support/records-server.ts';

const INIT = { frameTimeoutMs: 300, answerTimeoutMs: 1000, signal: new AbortController().signal };

const ask = (channel: MemoryChannel, claims: readonly ClaimedProof[]): Promise<Answer<ClaimedProof>> =>
  askForBodies(
    channel,
    PROOF_BODY,
    claims.map((claim) => claim.signed.id),
    INIT,
  );

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
    ['an id twice', { kind: 'proof', digests: [new Uint8Array(32), new Uint8Array(32)] }],
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

  test('looks for no more than the peer may have, where there is nothing to send', async () => {
    const store = new MemoryStore();
    let looks = 0;
    store.read = (ids) => {
      looks += ids.length;
      return Promise.resolve(new Map());
    };
    const rate = { perSecond: 40 * 2048, burst: 64 * 2048 };
    const server = serverOf(store, [], undefined, undefined, rate);
    const ids = claimsOf(0, MAX_REQUESTED);
    const began = performance.now();
    for (let asked = 0; asked < 2; asked++) {
      const [channel, other] = MemoryChannel.pair();
      const [answer] = await Promise.all([
        askForBodies(
          channel,
          PROOF_BODY,
          ids.map(({ signed }) => signed.id),
          { ...INIT, frameTimeoutMs: 5000, answerTimeoutMs: 5000 },
        ),
        server.serve('peer', other),
      ]);
      expect(answer.absent).toHaveLength(MAX_REQUESTED);
    }
    expect(looks).toBe(2 * MAX_REQUESTED);
    // The first 64 are free, and the others come 40 a second.
    expect(performance.now() - began).toBeGreaterThan(1000);
  });

  test('waits for no request for ever, nor soon again for the same peer', async () => {
    const blamed: Offence[] = [];
    const patience = new Patience({ emit: () => undefined });
    const server = serverOf(new MemoryStore(claimsOf(0, 1)), blamed, undefined, patience);
    const [, other] = MemoryChannel.pair();
    await server.serve('peer', other);
    expect(other.error).toBeInstanceOf(PeerTooSlowError);
    expect(patience.restLeft('peer')).toBeGreaterThan(0);
    expect(blamed).toEqual([]);
    const [channel, again] = MemoryChannel.pair();
    const [answer] = await Promise.all([ask(channel, claimsOf(0, 1)), server.serve('peer', again)]);
    expect(answer).toMatchObject({ bodies: [], error: new StreamEndedError('reset') });
    const [own, third] = MemoryChannel.pair();
    const [served] = await Promise.all([ask(own, claimsOf(0, 1)), server.serve('another', third)]);
    expect(served.bodies).toHaveLength(1);
  });
});
