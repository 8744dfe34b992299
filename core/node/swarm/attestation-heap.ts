import type { SignedAttestation } from '../../record/index.ts';

export interface Ranked {
  readonly attestation: SignedAttestation;
  /** What its author has proved, as far as was known when it was ranked. */
  readonly weight: number;
}

/** Whether `a` is kept rather than `b`. Of equals the lower id, so that all nodes keep the same whichever came first. */
export const isBefore = (a: Ranked, b: Ranked): boolean =>
  a.weight === b.weight ? a.attestation.id < b.attestation.id : a.weight > b.weight;

/** Finds the last in order among many: a binary heap. */
export class AttestationHeap {
  readonly #heap: Ranked[];

  constructor(ranked: Iterable<Ranked>) {
    this.#heap = [...ranked];
    for (let i = (this.#heap.length >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  get size(): number {
    return this.#heap.length;
  }

  get last(): Ranked | undefined {
    return this.#heap[0];
  }

  push(ranked: Ranked): void {
    let i = this.#heap.push(ranked) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#swapped(parent, i)) return;
      i = parent;
    }
  }

  pop(): void {
    const moved = this.#heap.pop();
    if (moved === undefined || this.#heap.length === 0) return;
    this.#heap[0] = moved;
    this.#sink(0);
  }

  #sink(from: number): void {
    for (let i = from; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      const child = this.#isOutOfOrder(left, right) ? right : left;
      if (!this.#swapped(i, child)) return;
      i = child;
    }
  }

  /** Puts the later of the two above. Returns whether it was not there before. */
  #swapped(above: number, below: number): boolean {
    const [a, b] = [this.#heap[above], this.#heap[below]];
    if (a === undefined || b === undefined || !isBefore(a, b)) return false;
    this.#heap[above] = b;
    this.#heap[below] = a;
    return true;
  }

  #isOutOfOrder(above: number, below: number): boolean {
    const [a, b] = [this.#heap[above], this.#heap[below]];
    return a !== undefined && b !== undefined && isBefore(a, b);
  }
}
