import { DIGEST_BYTES } from '../wire/digest-bytes.ts';

/** A record's place in the order: creation time, then digest. */
export interface SetKey {
  readonly time: number;
  /** The digest inside the content id: `DIGEST_BYTES` long. */
  readonly digest: Uint8Array;
}

/** A place between keys: keys below it come before. The prefix may be shorter than a digest. */
export interface Bound {
  /** Milliseconds since 1970; Infinity is the end. */
  readonly time: number;
  readonly prefix: Uint8Array;
}

const EMPTY = new Uint8Array(0);
export const START: Bound = { time: 0, prefix: EMPTY };
export const END: Bound = { time: Infinity, prefix: EMPTY };

/** Order of two byte strings; a proper prefix comes first. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

export const compareKeys = (left: SetKey, right: SetKey): number =>
  left.time - right.time || compareBytes(left.digest, right.digest);

export const compareBounds = (left: Bound, right: Bound): number => {
  if (left.time !== right.time) return left.time < right.time ? -1 : 1;
  return compareBytes(left.prefix, right.prefix);
};

export const boundAt = (key: SetKey): Bound => ({ time: key.time, prefix: key.digest });

/** The shortest bound above `below` and not above `at`, which are neighbours in order. */
export function boundBetween(below: SetKey, at: SetKey): Bound {
  if (below.time !== at.time) return { time: at.time, prefix: EMPTY };
  let shared = 0;
  while (shared < DIGEST_BYTES && below.digest[shared] === at.digest[shared]) shared++;
  return { time: at.time, prefix: at.digest.slice(0, Math.min(shared + 1, DIGEST_BYTES)) };
}
