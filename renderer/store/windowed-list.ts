import { LoadedList } from './list-state.ts';

/** Rows of one request. */
export const WINDOW = 100;
/** Windows that are kept; those farthest from what is looked at give way. */
const KEPT = 40;

export interface Window<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface WindowedListInit<T> {
  readonly load: (range: { offset: number; limit: number }, signal: AbortSignal) => Promise<Window<T>>;
}

interface Kept<T> {
  readonly items: readonly T[];
  readonly generation: number;
}

/**
 * A list of which only what is looked at is read, wherever that is: a jump to its end takes one request, and what is held
 * does not grow with its length. Rows that have not been read are holes of `items`.
 */
export class WindowedList<T> extends LoadedList<T> {
  readonly #init: WindowedListInit<T>;
  readonly #windows = new Map<number, Kept<T>>();
  #look = { first: 0, last: 0 };
  /** Windows of an earlier one are shown until they have been read again. */
  #generation = 0;

  constructor(init: WindowedListInit<T>) {
    super();
    this.#init = init;
  }

  /** Reads the rows from `first` to `last`, and forgets others that were wanted before. */
  readonly want = (last: number, first: number = last): void => {
    this.#look = { first, last };
    if (this.current().phase !== 'failed') void this.fill();
  };

  /** The list has changed; what was there stays until it has been read anew. */
  readonly restart = (): void => {
    this.stop(new Error('the list has changed'));
    this.#generation++;
    void this.fill();
  };

  protected override fill(): Promise<void> {
    return this.read((signal) => {
      const number = this.#missing();
      return number === undefined ? undefined : this.#load(number, signal);
    });
  }

  async #load(number: number, signal: AbortSignal): Promise<void> {
    const window = await this.#init.load({ offset: number * WINDOW, limit: WINDOW }, signal);
    if (!signal.aborted) this.#take(number, window);
  }

  /** The first window in sight that is not there as it is now. */
  #missing(): number | undefined {
    const { count, phase } = this.current();
    const end = phase === 'loading' ? 0 : Math.max(0, Math.min(this.#look.last, count - 1));
    const begin = Math.min(this.#look.first, end);
    for (let number = Math.floor(begin / WINDOW); number <= Math.floor(end / WINDOW); number++) {
      if (this.#windows.get(number)?.generation !== this.#generation) return number;
    }
    return undefined;
  }

  #take(number: number, { items, total }: Window<T>): void {
    this.#windows.set(number, { items, generation: this.#generation });
    const middle = (this.#look.first + this.#look.last) / 2 / WINDOW;
    const byDistance = [...this.#windows.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    for (const far of byDistance.slice(KEPT)) this.#windows.delete(far);
    const rows: T[] = [];
    rows.length = total;
    for (const [at, kept] of this.#windows) {
      kept.items.forEach((item, index) => {
        if (at * WINDOW + index < total) rows[at * WINDOW + index] = item;
      });
    }
    this.set({ items: rows, count: total, phase: 'ready', complete: this.#windows.size * WINDOW >= total });
  }
}
