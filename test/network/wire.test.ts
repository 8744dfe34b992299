import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PeerTooSlowError, ProtocolViolationError } from '../../core/network/errors.ts';
import { ByteReader, ByteWriter } from '../../core/network/sync/varint.ts';
import { ByteQueue } from '../../core/network/wire/byte-queue.ts';
import { Deadline, within } from '../../core/network/wire/deadline.ts';
import { digestOf, idOf } from '../../core/network/wire/digest.ts';
import { decodeMessage, encodeMessage } from '../../core/network/wire/messages.ts';
import { atMost, pause, race } from '../../core/network/wire/race.ts';
import { Buckets, TokenBucket } from '../../core/network/wire/token-bucket.ts';
import { contentId } from '../../core/record/index.ts';

test('a queue gives the bytes it got, in whatever portions', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), fc.array(fc.nat(40)), (chunks, portions) => {
      const queue = new ByteQueue();
      for (const chunk of chunks) queue.push(chunk);
      const all = Buffer.concat(chunks);
      let at = 0;
      for (const portion of portions) {
        expect(queue.length).toBe(all.length - at);
        if (portion > queue.length) expect(() => queue.take(portion)).toThrow(RangeError);
        else expect(Buffer.from(queue.take(portion))).toEqual(all.subarray(at, (at += portion)));
      }
    }),
  );
});

test('numbers and bytes are read as they were written; each number in one way only', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.maxSafeNat(), fc.uint8Array({ maxLength: 50 }))), (items) => {
      const writer = new ByteWriter();
      for (const item of items) {
        if (typeof item === 'number') writer.number(item);
        else writer.bytes(item);
      }
      const reader = new ByteReader(writer.finish());
      for (const item of items) {
        expect(typeof item === 'number' ? reader.number() : reader.bytes(item.length)).toEqual(item);
      }
      expect(reader.done).toBe(true);
    }),
  );
  for (const bytes of [[0x80], [0x80, 0x00], Array.from({ length: 9 }, () => 0xff), []]) {
    expect(() => new ByteReader(Uint8Array.from(bytes)).number()).toThrow(ProtocolViolationError);
  }
});

test('a message is read from its canonical bytes only', () => {
  const schema = z.strictObject({ a: z.int(), b: z.string() });
  expect(decodeMessage(schema, encodeMessage({ a: 1, b: 'x' }))).toEqual({ a: 1, b: 'x' });
  const longInteger = Uint8Array.of(0xa2, 0x61, 0x61, 0x18, 0x01, 0x61, 0x62, 0x61, 0x78);
  expect(() => decodeMessage(schema, longInteger)).toThrow(ProtocolViolationError);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(() => decodeMessage(schema, bytes)).toThrow(ProtocolViolationError);
    }),
    { numRuns: 1000 },
  );
});

test('a content id and its digest name each other', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const id = contentId(value);
      expect(digestOf(id)).toHaveLength(32);
      expect(idOf(digestOf(id))).toBe(id);
    }),
  );
});

describe('a rate', () => {
  test('is never exceeded by more than its burst', () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 2000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const bucket = new TokenBucket({ perSecond: 10, burst: 50 }, 0);
        let now = 0;
        let taken = 0;
        for (const [count, later] of steps) {
          now += later;
          if (bucket.take(count, now)) taken += count;
          expect(taken).toBeLessThanOrEqual(50 + (now / 1000) * 10 + 1e-6);
        }
      }),
    );
  });

  test('says how long a debt takes to pay', () => {
    const bucket = new TokenBucket({ perSecond: 100, burst: 50 }, 0);
    expect(bucket.owe(50, 0)).toBe(0);
    expect(bucket.owe(50, 0)).toBe(500);
    expect(bucket.owe(50, 1000)).toBe(0);
  });

  test('is kept for a bounded number of keys, those in use longest', () => {
    const buckets = new Buckets({ perSecond: 1, burst: 10 }, 100);
    for (let i = 0; i < 10; i++) buckets.take('busy', 1, 0);
    for (let i = 0; i < 99; i++) buckets.of(`idle ${i}`, 0);
    buckets.of('one more', 0);
    expect(buckets.take('busy', 1, 0)).toBe(false);
  });
});

describe('waiting', () => {
  const nobody = (): void => undefined;

  test('ends with whatever comes first, and takes its listener back', async () => {
    const listeners = new Set<() => void>();
    const listen = (wake: () => void): void => void listeners.add(wake);
    const unlisten = (wake: () => void): void => void listeners.delete(wake);
    const woken = race(listen, unlisten, { milliseconds: 10_000 });
    for (const wake of listeners) wake();
    await expect(woken).resolves.toBe('woken');
    await expect(race(listen, unlisten, { milliseconds: 1 })).resolves.toBe('late');
    const stop = new AbortController();
    const stopped = race(listen, unlisten, { milliseconds: 10_000, signal: stop.signal });
    stop.abort(new Error('stop'));
    await expect(stopped).rejects.toThrow('stop');
    await expect(pause(10_000, stop.signal)).rejects.toThrow('stop');
    expect(listeners.size).toBe(0);
  });

  test('for work goes on no longer than it may, and never fails', async () => {
    const began = performance.now();
    await atMost(20, new Promise(nobody));
    await atMost(10_000, Promise.reject(new Error('fault')));
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe('a deadline', () => {
  const block = (milliseconds: number): void => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };

  test('does not count time in which this process did not get to its events', async () => {
    const deadline = new Deadline(400);
    await pause(60);
    block(600);
    expect(deadline.leftMs).toBeGreaterThan(100);
    await pause(0);
    block(600);
    expect(deadline.leftMs).toBeGreaterThan(50);
  });

  test('passes while nothing else is to be done', async () => {
    const deadline = new Deadline(120);
    expect(deadline.leftMs).toBeGreaterThan(0);
    await pause(250);
    expect(deadline.leftMs).toBeLessThanOrEqual(0);
  });
});

describe('what waits for a peer', () => {
  /** Ends with its signal, in words of its own, as libp2p does. */
  const waiting = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut short'))));
  const never = new AbortController().signal;

  test('ends in time, and says that the peer was slow', async () => {
    const ending = within({ timeoutMs: 20, late: 'no answer', signal: never }, waiting);
    await expect(ending).rejects.toThrow(new PeerTooSlowError('no answer'));
  });

  test('that is called off says nothing of the peer', async () => {
    const stop = new AbortController();
    const ending = within({ timeoutMs: 10_000, late: 'no answer', signal: stop.signal }, waiting);
    stop.abort();
    await expect(ending).rejects.toThrow('cut short');
  });

  test('gives what comes in time', async () => {
    await expect(
      within({ timeoutMs: 10_000, late: '', signal: never }, () => Promise.resolve(7)),
    ).resolves.toBe(7);
  });
});
