import fc from 'fast-check';
import { compareKeys, type SetKey } from '../../../core/network/sync/key.ts';
import type { ReconciledSet } from '../../../core/network/sync/reconciled-set.ts';
import { Reconciler } from '../../../core/network/sync/reconciler.ts';
import { RecordSet } from '../../../core/network/sync/record-set.ts';

/** Keys with few different times and digests that often share a beginning: what bounds must tell apart. */
export const key: fc.Arbitrary<SetKey> = fc.record({
  time: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 2 ** 40, 8_640_000_000_000_000)),
  digest: fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const digest = new Uint8Array(32).fill(0xff);
      digest[at] = byte;
      return digest;
    }),
  ),
});

/** A key far from random in time only: number `n`, a second after the one before. */
export function numberedKey(n: number): SetKey {
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  // Spread by a multiplicative hash, so that digests do not come in order.
  for (let i = 0; i < 8; i++) view.setUint32(4 * i, Math.imul(n + 1, 0x9e3779b1 + 2 * i) >>> 0);
  return { time: 1_700_000_000_000 + n * 1000, digest };
}

export function setOf(keys: Iterable<SetKey>): RecordSet {
  const set = new RecordSet();
  for (const one of keys) set.add(one);
  return set;
}

/** A set of this thread's, as a session sees one. */
export const localSet = (set: RecordSet): ReconciledSet => ({
  get size() {
    return set.size;
  },
  side: (salt) => {
    const reconciler = new Reconciler(set, salt);
    return {
      begin: () => Promise.resolve(reconciler.begin()),
      respond: (turn, { signal }) => reconciler.respond(turn, signal),
    };
  },
});

export const nameOf = (one: SetKey): string => `${one.time} ${Buffer.from(one.digest).toString('hex')}`;
export const sorted = (keys: readonly SetKey[]): SetKey[] => keys.toSorted(compareKeys);
export const keysOf = (set: RecordSet): SetKey[] => [...set.slice(0, set.size)];
