const INITIAL_CAPACITY = 64;

/**
 * A set of keys with weights from which one is drawn in proportion to its weight, or evenly. Every operation takes
 * logarithmic time. The weights are the leaves of a tree of sums; sums are added up anew on the way to the root instead
 * of corrected by differences, so that rounding errors never pile up.
 */
export class WeightedIndex<K> {
  readonly #keys: K[] = [];
  readonly #places = new Map<K, number>();
  #capacity = INITIAL_CAPACITY;
  /** Node `i` has the children `2i` and `2i + 1`; leaves start at the capacity. */
  #sums = new Float64Array(2 * INITIAL_CAPACITY);

  get size(): number {
    return this.#keys.length;
  }

  get total(): number {
    return this.#sums[1] ?? 0;
  }

  has(key: K): boolean {
    return this.#places.has(key);
  }

  weightOf(key: K): number {
    const place = this.#places.get(key);
    return place === undefined ? 0 : (this.#sums[this.#capacity + place] ?? 0);
  }

  /** @param weight finite and not negative */
  set(key: K, weight: number): void {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#keys.length;
      if (place === this.#capacity) this.#grow();
      this.#keys.push(key);
      this.#places.set(key, place);
    }
    this.#write(place, weight);
  }

  delete(key: K): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    const lastPlace = this.#keys.length - 1;
    const last = this.#keys[lastPlace] as K;
    const lastWeight = this.#sums[this.#capacity + lastPlace] ?? 0;
    this.#write(lastPlace, 0);
    this.#keys.pop();
    this.#places.delete(key);
    if (place === lastPlace) return;
    this.#keys[place] = last;
    this.#places.set(last, place);
    this.#write(place, lastWeight);
  }

  /** Draws in proportion to weight. @param random from 0 to below 1; undefined where all weights are 0 */
  draw(random: number): K | undefined {
    if (this.total <= 0) return undefined;
    let rest = random * this.total;
    let node = 1;
    while (node < this.#capacity) {
      const left = this.#sums[2 * node] ?? 0;
      const right = this.#sums[2 * node + 1] ?? 0;
      // Rounding may leave more than there is on the right; what has no weight must never be drawn.
      if (rest < left || right <= 0) node = 2 * node;
      else {
        rest -= left;
        node = 2 * node + 1;
      }
    }
    return this.#keys[node - this.#capacity];
  }

  /** Draws evenly, weights aside. @param random from 0 to below 1 */
  drawEvenly(random: number): K | undefined {
    return this.#keys[Math.floor(random * this.#keys.length)];
  }

  keys(): IterableIterator<K> {
    return this.#places.keys();
  }

  #write(place: number, weight: number): void {
    let node = this.#capacity + place;
    if (this.#sums[node] === weight) return;
    this.#sums[node] = weight;
    for (node >>= 1; node >= 1; node >>= 1) {
      this.#sums[node] = (this.#sums[2 * node] ?? 0) + (this.#sums[2 * node + 1] ?? 0);
    }
  }

  #grow(): void {
    const capacity = 2 * this.#capacity;
    const sums = new Float64Array(2 * capacity);
    sums.set(this.#sums.subarray(this.#capacity), capacity);
    for (let node = capacity - 1; node >= 1; node--) {
      sums[node] = (sums[2 * node] ?? 0) + (sums[2 * node + 1] ?? 0);
    }
    this.#capacity = capacity;
    this.#sums = sums;
  }
}
