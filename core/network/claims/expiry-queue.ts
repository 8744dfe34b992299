interface Expiry<T> {
  readonly at: number;
  readonly item: T;
}

/** Items in the order in which they fall due: a binary heap. */
export class ExpiryQueue<T> {
  readonly #heap: Expiry<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When the first item falls due. */
  get next(): number | undefined {
    return this.#heap[0]?.at;
  }

  push(at: number, item: T): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push({ at, item });
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.#at(parent) <= at) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** Takes the first item that is due at `now`, if any. */
  popDue(now: number): T | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  #sink(): void {
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(child) >= this.#at(i)) return;
      this.#swap(i, child);
      i = child;
    }
  }

  #at(i: number): number {
    return this.#heap[i]?.at ?? Infinity;
  }

  #swap(i: number, j: number): void {
    const a = this.#heap[i];
    const b = this.#heap[j];
    if (a === undefined || b === undefined) return;
    this.#heap[i] = b;
    this.#heap[j] = a;
  }
}
