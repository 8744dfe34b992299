import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeEnvelope, MAX_ANNOUNCEMENT_BYTES } from '../../core/network/announce/envelope.ts';
import { PROOF_ANNOUNCEMENT, type AnnouncementKind } from '../../core/network/announce/kinds.ts';
import { SwarmClock } from '../../core/network/announce/swarm-clock.ts';
import { environmentTopic, SWARM_TOPIC } from '../../core/network/announce/topics.ts';
import { AnnouncementValidator, type Validation } from '../../core/network/announce/validator.ts';
import type { NetworkEvent, Offence } from '../../core/network/index.ts';
import { peerOfPublicKey } from '../../core/record/index.ts';
import { encodeMessage } from '../../core/network/wire/messages.ts';
import { claimOf, CORE, keyOf } from './support/claims.ts';

const NOTICE: AnnouncementKind<{ text: string; odd: number }> = {
  name: 'notice',
  scope: 'swarm',
  schema: z.strictObject({ text: z.string().max(2000), odd: z.int() }),
  keyOf: (body) => body.text,
  check: (body) => body.odd % 2 === 1,
};

const names = new Map<string, string>();
/** The peer of that name; who is blamed is told by name. */
function peer(name: string): string {
  const id = peerOfPublicKey(new Uint8Array(createHash('sha256').update(name).digest()));
  names.set(id, name);
  return id;
}

let now: number;
let elapsed: number;
let blamed: [string, Offence][];
let events: NetworkEvent[];
let clock: SwarmClock;
let validator: AnnouncementValidator;
let sequence: bigint;

function newValidator(): AnnouncementValidator {
  const kinds = new Map<string, AnnouncementKind<unknown>>([
    ['proof', PROOF_ANNOUNCEMENT],
    ['notice', NOTICE],
  ]);
  return new AnnouncementValidator(
    {
      kinds,
      clock,
      penalise: (id, offence) => blamed.push([names.get(id) ?? id, offence]),
      elapsed: () => elapsed,
    },
    {
      perAuthor: { perSecond: 0.001, burst: 30 },
      perPeer: { perSecond: 0.001, burst: 100 },
      bytesPerPeer: { perSecond: 0.001, burst: 200_000 },
      windowMs: 60_000,
    },
  );
}

beforeEach(() => {
  now = 1_700_000_000_000;
  elapsed = 5_000_000;
  blamed = [];
  events = [];
  sequence = 0n;
  clock = new SwarmClock(
    (event) => events.push(event),
    () => now,
    () => elapsed,
  );
  validator = newValidator();
});

const proofBody = (n: number) => {
  const claim = claimOf(n);
  return { record: claim.signed.id, statement: claim.statement.id, createdAt: keyOf(claim).createdAt };
};

interface Sent {
  readonly author?: string;
  readonly from?: string;
  readonly at?: number;
  readonly topic?: string;
  readonly kind?: string;
  readonly body?: unknown;
  readonly nonce?: bigint;
  readonly data?: Uint8Array;
}

function send(options: Sent = {}): Validation {
  const {
    author = 'author',
    from = 'neighbour',
    at = now,
    topic = environmentTopic(CORE),
    kind = 'proof',
  } = options;
  const data = options.data ?? encodeEnvelope({ version: 1, kind, at, body: options.body ?? proofBody(1) });
  const sequenceNumber = options.nonce ?? sequence++;
  return validator.validate({ topic, author: peer(author), sequenceNumber, data }, peer(from));
}

const notice = (text: string, odd = 1): Sent => ({ kind: 'notice', topic: SWARM_TOPIC, body: { text, odd } });
const refused = (outcome: string, reason: string) => ({ outcome, reason });

describe('an announcement', () => {
  test('is taken, and says who it is of and who it came from', () => {
    expect(send()).toEqual({
      outcome: 'accept',
      announcement: {
        kind: 'proof',
        body: proofBody(1),
        author: peer('author'),
        from: peer('neighbour'),
        topic: environmentTopic(CORE),
        at: now,
      },
    });
  });

  test.each<[string, () => Validation, string, string]>([
    ['too large', () => send({ data: new Uint8Array(MAX_ANNOUNCEMENT_BYTES + 1) }), 'reject', 'oversized'],
    ['no message', () => send({ data: new Uint8Array([1, 2]) }), 'reject', 'malformed'],
    ['one with a field too many', () => send({ body: { ...proofBody(1), more: 1 } }), 'reject', 'malformed'],
    ['one without a field', () => send({ body: { record: proofBody(1).record } }), 'reject', 'malformed'],
    [
      'of another version',
      () => send({ data: encodeMessage({ version: 2, kind: 'proof', at: now, body: {} }) }),
      'reject',
      'malformed',
    ],
    [
      'of a kind for all in an environment',
      () => send({ ...notice('a'), topic: environmentTopic(CORE) }),
      'reject',
      'wrong-topic',
    ],
    ['of a kind for an environment to all', () => send({ topic: SWARM_TOPIC }), 'reject', 'wrong-topic'],
    ['one that its kind’s check refuses', () => send(notice('a', 2)), 'reject', 'invalid'],
    ['of a kind that later versions may know', () => send({ kind: 'later' }), 'ignore', 'unknown-kind'],
    ['of two minutes ago', () => send({ at: now - 120_000 }), 'ignore', 'outside-window'],
    ['of the future', () => send({ at: now + 61_000 }), 'ignore', 'outside-window'],
  ])('that is %s is refused', (_, act, outcome, reason) => {
    expect(act()).toEqual(refused(outcome, reason));
  });

  test('of an author whose key is no Ed25519 key is not passed on, and who did so is not to blame', () => {
    const { topic, data } = { topic: SWARM_TOPIC, data: new Uint8Array([1]) };
    const author = '16Uiu2HAmBpZqVk5ZMsbKrRzmFNSBQ1gMJxUWkyVK8HTbsGJCgHSn';
    const validation = validator.validate({ topic, author, sequenceNumber: 1n, data }, peer('neighbour'));
    expect(validation).toEqual(refused('ignore', 'invalid'));
    expect(blamed).toEqual([]);
  });

  test('is heard once of each author, and of a few authors', () => {
    expect(send().outcome).toBe('accept');
    expect(send()).toEqual(refused('ignore', 'replay'));
    const others = ['a', 'b', 'c', 'd', 'e', 'f'].map((author) => send({ author }).outcome);
    expect(others).toEqual(['accept', 'accept', 'accept', 'ignore', 'ignore', 'ignore']);
    expect(send({ body: proofBody(2) }).outcome).toBe('accept');
    expect(blamed).toEqual([]);
  });

  test('of any bytes gets an answer', () => {
    const envelope = fc.record({
      version: fc.constantFrom(1, 2),
      kind: fc.constantFrom('proof', 'notice', 'x'),
      at: fc.nat(),
      body: fc.jsonValue(),
    });
    const encoded = envelope.map((value) => encodeMessage(value));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 1200 }), encoded), fc.boolean(), (data, swarm) => {
        validator = newValidator();
        const { outcome } = send({ data, topic: swarm ? SWARM_TOPIC : environmentTopic(CORE) });
        expect(['ignore', 'reject']).toContain(outcome);
      }),
      { numRuns: 2000 },
    );
  });

  test('takes a fraction of a millisecond to decide about', () => {
    const body = proofBody(1);
    const started = performance.now();
    for (let i = 0; i < 1000; i++) send({ author: `a${i}`, from: `f${i}`, body });
    expect((performance.now() - started) / 1000).toBeLessThan(1);
  });
});

describe('who is blamed', () => {
  test('nobody for a repeat within the window, nor for one old message', () => {
    const nonce = 77n;
    send({ nonce });
    expect(send({ nonce })).toEqual(refused('ignore', 'replay'));
    expect(send({ at: now - 3_600_000 })).toEqual(refused('ignore', 'outside-window'));
    expect(blamed).toEqual([]);
  });

  test('who sends again what it sent itself, long ago', () => {
    const old = { at: now, nonce: 77n, from: 'mallory' };
    send(old);
    now += 180_000;
    elapsed += 180_000;
    expect(send(old)).toEqual(refused('ignore', 'replay'));
    expect(blamed).toEqual([['mallory', 'replay']]);
  });

  test('nobody who sends what another has sent long ago: its machine may have stood still', () => {
    const old = { at: now, nonce: 77n };
    send(old);
    now += 180_000;
    elapsed += 180_000;
    for (let n = 0; n < 50; n++) {
      expect(send({ ...old, from: `peer ${n}` })).toEqual(refused('ignore', 'replay'));
    }
    expect(blamed).toEqual([]);
  });

  test('nobody for what comes again when this node’s clock was set', () => {
    const one = { at: now, nonce: 77n };
    send(one);
    now += 86_400_000;
    elapsed += 1000;
    expect(send(one)).toEqual(refused('ignore', 'replay'));
    expect(blamed).toEqual([]);
  });

  test('nobody whose announcements are a day old, though its own clock is right', () => {
    // Most of its partners told it that it is yesterday, and its own clock is what it says in its greeting.
    clock.observe(peer('deceived'), now);
    for (let n = 0; n < 100; n++) {
      const { outcome } = send({ author: 'deceived', from: 'deceived', at: now - 86_400_000 });
      expect(outcome).toBe('ignore');
    }
    expect(blamed).toEqual([]);
  });

  test('an author who makes too many', () => {
    for (let i = 0; i < 60; i++) send({ ...notice(`n${i}`), author: 'mallory', from: 'mallory' });
    expect(blamed).toEqual([['mallory', 'flood']]);
  });

  test('neither who passes on too many of one author, nor that author: they may have been held back', () => {
    const outcomes = Array.from({ length: 60 }, (_, i) =>
      send({ ...notice(`n${i}`), author: 'chatty', from: `peer ${i}` }),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'accept')).toHaveLength(30);
    expect(outcomes.at(-1)).toEqual(refused('ignore', 'flood'));
    expect(blamed).toEqual([]);
  });

  test('nobody for what is more from all neighbours together than this node may pass on', () => {
    const outcomes = Array.from({ length: 90 }, (_, i) =>
      send({ ...notice(`n${i}`), author: `author ${i}`, from: `peer ${i % 9}` }),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'accept')).toHaveLength(50);
    expect(outcomes.at(-1)).toEqual(refused('ignore', 'flood'));
    expect(blamed).toEqual([]);
  });

  test('a peer who passes on too many, of however many authors', () => {
    for (let i = 0; i < 130; i++) send({ ...notice(`n${i}`), author: `author ${i}`, from: 'mallory' });
    expect(blamed).toEqual([['mallory', 'flood']]);
  });
});

describe('the clock of the swarm', () => {
  test('is this node’s own among a few peers, or where they disagree', () => {
    clock.observe('a', now + 86_400_000);
    clock.observe('b', now + 86_400_000);
    expect(clock.now()).toBe(now);
    clock.forget('b');
    clock.observe('c', now);
    clock.observe('d', now - 5_000_000);
    expect(clock.now()).toBe(now);
    expect(events).toEqual([]);
  });

  test('is what most peers say where this node’s is a day off, and it says so', () => {
    for (const peer of ['a', 'b', 'c', 'd']) clock.observe(peer, now + 86_400_000 + Math.random() * 1000);
    expect(Math.abs(clock.now() - now - 86_400_000)).toBeLessThan(2000);
    expect(events).toMatchObject([{ type: 'clock-off' }]);
    expect(send({ at: now + 86_400_000 }).outcome).toBe('accept');
    for (const peer of ['a', 'b', 'c']) clock.forget(peer);
    expect(clock.now()).toBe(now);
  });

  test('is this node’s own again once that was set', () => {
    const day = 86_400_000;
    now -= day;
    for (const one of ['a', 'b', 'c']) clock.observe(one, now + day);
    expect(clock.now()).toBe(now + day);
    now += day + 1000;
    elapsed += 1000;
    expect(clock.now()).toBe(now);
    expect(events.at(-1)).toEqual({ type: 'clock-off', milliseconds: 0 });
    for (const one of ['a', 'b', 'c']) clock.observe(one, now + day);
    now += 3_600_000;
    elapsed += 3_600_000;
    expect(clock.now()).toBe(now + day);
  });
});
