import { DIGEST_BYTES } from '../wire/digest-bytes.ts';
import type { SetKey } from './key.ts';
import { addDigest, subtractDigest, zeroSum, type Sum } from './sum.ts';

export const LEAF_CAPACITY = 128;

/** A run of keys in order, in flat arrays: 40 bytes a key. */
export class Leaf {
  count = 0;
  readonly sum: Sum = zeroSum();
  /** No key of this leaf is below it; where keys were removed, it may itself not be there. */
  lowest: SetKey;
  readonly #times = new Float64Array(LEAF_CAPACITY);
  readonly #digests = new Uint8Array(LEAF_CAPACITY * DIGEST_BYTES);

  constructor(lowest: SetKey) {
    this.lowest = lowest;
  }

  /** Inserts a key that is not there. Returns the right half where this leaf had to be split. */
  insert(key: SetKey): Leaf | undefined {
    const at = this.position(key.time, key.digest);
    if (this.count < LEAF_CAPACITY) {
      this.#insertAt(at, key);
      return undefined;
    }
    // Keys come mostly at the end, in order: full leaves are left behind then.
    const middle = at === LEAF_CAPACITY ? LEAF_CAPACITY : LEAF_CAPACITY / 2;
    const right = new Leaf(middle === LEAF_CAPACITY ? key : this.at(middle));
    for (let i = middle; i < this.count; i++) right.append(this.at(i));
    for (let i = middle; i < this.count; i++) subtractDigest(this.sum, this.#digests, i * DIGEST_BYTES);
    this.count = middle;
    if (at < middle) this.#insertAt(at, key);
    else right.#insertAt(at - middle, key);
    return right;
  }

  /** Puts a key at the end, where there must be room and nothing above it. */
  append(key: SetKey): void {
    this.#insertAt(this.count, key);
  }

  /** Takes a key out, and says whether it was there. */
  remove(key: SetKey): boolean {
    const at = this.position(key.time, key.digest);
    if (!this.#isAt(at, key)) return false;
    subtractDigest(this.sum, this.#digests, at * DIGEST_BYTES);
    this.#times.copyWithin(at, at + 1, this.count);
    this.#digests.copyWithin(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES, this.count * DIGEST_BYTES);
    this.count--;
    return true;
  }

  has(key: SetKey): boolean {
    return this.#isAt(this.position(key.time, key.digest), key);
  }

  /** A copy, which does not change with the leaf. */
  at(index: number): SetKey {
    const start = index * DIGEST_BYTES;
    return { time: this.#times[index] ?? 0, digest: this.#digests.slice(start, start + DIGEST_BYTES) };
  }

  /** How many keys are below this place. */
  position(time: number, prefix: Uint8Array): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBelow(middle, time, prefix)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds the first `count` digests to a sum. */
  addFirst(sum: Sum, count: number): void {
    for (let i = 0; i < count; i++) addDigest(sum, this.#digests, i * DIGEST_BYTES);
  }

  #isBelow(index: number, time: number, prefix: Uint8Array): boolean {
    const own = this.#times[index] ?? 0;
    if (own !== time) return own < time;
    const start = index * DIGEST_BYTES;
    for (let i = 0; i < prefix.length; i++) {
      const difference = (this.#digests[start + i] ?? 0) - (prefix[i] ?? 0);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  #isAt(index: number, key: SetKey): boolean {
    if (index >= this.count || this.#times[index] !== key.time) return false;
    const start = index * DIGEST_BYTES;
    return key.digest.every((byte, i) => byte === this.#digests[start + i]);
  }

  #insertAt(at: number, key: SetKey): void {
    this.#times.copyWithin(at + 1, at, this.count);
    this.#digests.copyWithin((at + 1) * DIGEST_BYTES, at * DIGEST_BYTES, this.count * DIGEST_BYTES);
    this.#times[at] = key.time;
    this.#digests.set(key.digest, at * DIGEST_BYTES);
    addDigest(this.sum, key.digest, 0);
    this.count++;
    if (at === 0) this.lowest = key;
  }
}
