import { compareBytes, type SetKey } from './key.ts';
import type { Leaf } from './leaf.ts';
import { addDigest, addSum, subtractDigest, zeroSum, type Sum } from './sum.ts';

export const BRANCH_CAPACITY = 32;

export type TreeNode = Leaf | Branch;

/** An inner node: it knows how many keys lie below each child and what their digests add up to. */
export class Branch {
  count = 0;
  readonly sum: Sum = zeroSum();
  readonly children: TreeNode[] = [];

  constructor(children: readonly TreeNode[]) {
    for (const child of children) this.#adopt(child);
  }

  get lowest(): SetKey {
    const [first] = this.children;
    if (first === undefined) throw new Error('a branch without children');
    return first.lowest;
  }

  /** Inserts a key that is not there. Returns the right half where this branch had to be split. */
  insert(key: SetKey): Branch | undefined {
    const at = this.childFor(key.time, key.digest);
    const child = this.child(at);
    const right = child.insert(key);
    if (right !== undefined) this.children.splice(at + 1, 0, right);
    this.count++;
    addDigest(this.sum, key.digest, 0);
    if (this.children.length <= BRANCH_CAPACITY) return undefined;
    const atEnd = at >= BRANCH_CAPACITY - 1;
    const half = this.children.splice(atEnd ? BRANCH_CAPACITY : BRANCH_CAPACITY / 2);
    this.#recount();
    return new Branch(half);
  }

  remove(key: SetKey): boolean {
    const removed = this.child(this.childFor(key.time, key.digest)).remove(key);
    if (removed) {
      this.count--;
      subtractDigest(this.sum, key.digest, 0);
    }
    return removed;
  }

  has(key: SetKey): boolean {
    return this.child(this.childFor(key.time, key.digest)).has(key);
  }

  child(index: number): TreeNode {
    const child = this.children[index];
    if (child === undefined) throw new RangeError(`no child ${index}`);
    return child;
  }

  /** The last child that begins at or below this place; the first where none does. */
  childFor(time: number, prefix: Uint8Array): number {
    let low = 1;
    let high = this.children.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { lowest } = this.child(middle);
      const above = lowest.time === time ? compareBytes(lowest.digest, prefix) > 0 : lowest.time > time;
      if (above) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  #adopt(child: TreeNode): void {
    this.children.push(child);
    this.count += child.count;
    addSum(this.sum, child.sum);
  }

  #recount(): void {
    this.count = 0;
    this.sum.fill(0);
    for (const child of this.children) {
      this.count += child.count;
      addSum(this.sum, child.sum);
    }
  }
}
