import { hash } from 'node:crypto';
import { Branch, type TreeNode } from './branch.ts';
import type { Bound, SetKey } from './key.ts';
import { Leaf } from './leaf.ts';
import { addSum, LIMBS, subtractSum, zeroSum, type Sum } from './sum.ts';

export const FINGERPRINT_BYTES = 16;

/** What a range holds: how many keys, and a hash that two sets share only if they hold the same keys there. */
export interface RangeSummary {
  readonly count: number;
  readonly fingerprint: Uint8Array;
}

export interface Prefix {
  readonly count: number;
  readonly sum: Sum;
}

/** What lies between two bounds, given what lies below each; both taken from one state of one set. */
export function summaryBetween(lower: Prefix, upper: Prefix): RangeSummary {
  const sum = upper.sum.slice();
  subtractSum(sum, lower.sum);
  const count = upper.count - lower.count;
  return { count, fingerprint: fingerprint(sum, count) };
}

/**
 * An ordered set of record keys that answers for any range, in time logarithmic in its size, how many keys it holds and
 * their fingerprint: a B+ tree whose nodes keep counts and sums. About 45 bytes a key.
 */
export class RecordSet {
  #root: TreeNode | undefined;

  get size(): number {
    return this.#root?.count ?? 0;
  }

  /** Says whether the key was new. */
  add(key: SetKey): boolean {
    if (this.has(key)) return false;
    if (this.#root === undefined) {
      this.#root = new Leaf(key);
      this.#root.append(key);
      return true;
    }
    const right = this.#root.insert(key);
    if (right !== undefined) this.#root = new Branch([this.#root, right]);
    return true;
  }

  /** Says whether the key was there. Space is given back only as far as later keys fill it. */
  delete(key: SetKey): boolean {
    return this.#root?.remove(key) ?? false;
  }

  has(key: SetKey): boolean {
    return this.#root?.has(key) ?? false;
  }

  /** How many keys are below a bound. */
  rank(bound: Bound): number {
    return this.#below(bound, undefined);
  }

  /** The key with that many keys below it. */
  at(rank: number): SetKey {
    if (rank < 0 || rank >= this.size) throw new RangeError(`no key at ${rank} of ${this.size}`);
    let node = this.#root;
    let left = rank;
    while (node instanceof Branch) {
      let index = 0;
      while (left >= node.child(index).count) left -= node.child(index++).count;
      node = node.child(index);
    }
    if (node === undefined) throw new RangeError('an empty set');
    return node.at(left);
  }

  /** Keys from one rank up to and without another. */
  *slice(from: number, to: number): Generator<SetKey> {
    for (let rank = from; rank < to; rank++) yield this.at(rank);
  }

  /** What lies below a bound. Two of these give what lies between them. */
  prefix(bound: Bound): Prefix {
    const sum = zeroSum();
    return { count: this.#below(bound, sum), sum };
  }

  /** What lies from `lower` up to and without `upper`. */
  summary(lower: Bound, upper: Bound): RangeSummary {
    return summaryBetween(this.prefix(lower), this.prefix(upper));
  }

  #below(bound: Bound, sum: Sum | undefined): number {
    let node = this.#root;
    let count = 0;
    if (node === undefined) return 0;
    if (bound.time === Infinity) {
      if (sum !== undefined) addSum(sum, node.sum);
      return node.count;
    }
    while (node instanceof Branch) {
      const at = node.childFor(bound.time, bound.prefix);
      for (let i = 0; i < at; i++) {
        const child = node.child(i);
        count += child.count;
        if (sum !== undefined) addSum(sum, child.sum);
      }
      node = node.child(at);
    }
    const position = node.position(bound.time, bound.prefix);
    if (sum !== undefined) node.addFirst(sum, position);
    return count + position;
  }
}

/** Independent of the order in which keys came and of how the tree is cut. */
function fingerprint(sum: Sum, count: number): Uint8Array {
  const bytes = Buffer.alloc(LIMBS * 4 + 8);
  sum.forEach((limb, i) => bytes.writeUInt32LE(limb, 4 * i));
  bytes.writeDoubleLE(count, LIMBS * 4);
  return hash('sha256', bytes, 'buffer').subarray(0, FINGERPRINT_BYTES);
}
