import { errorText } from './error-text.ts';
import type { PagedState } from './paged-list.ts';

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

const EMPTY = { items: [], count: 0, phase: 'loading', complete: false } as const;

/**
 * A list of which only what is looked at is read, wherever that is: a jump to its end takes one request, and what is held
 * does not grow with its length. Rows that have not been read are holes of `items`.
 */
export class WindowedList<T> {
  readonly #init: WindowedListInit<T>;
  readonly #listeners = new Set<() => void>();
  readonly #windows = new Map<number, Kept<T>>();
  #state: PagedState<T> = EMPTY;
  #look = { first: 0, last: 0 };
  /** Windows of an earlier one are shown until they have been read again. */
  #generation = 0;
  #running: AbortController | undefined;

  constructor(init: WindowedListInit<T>) {
    this.#init = init;
  }

  readonly current = (): PagedState<T> => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    void this.#fill();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#running?.abort(new Error('nobody looks any more'));
      this.#running = undefined;
    };
  };

  /** Reads the rows from `first` to `last`, and forgets others that were wanted before. */
  readonly want = (last: number, first: number = last): void => {
    this.#look = { first, last };
    if (this.#state.phase !== 'failed') void this.#fill();
  };

  readonly retry = (): void => {
    this.#set({ ...this.#state, phase: 'ready' });
    void this.#fill();
  };

  /** The list has changed; what was there stays until it has been read anew. */
  readonly restart = (): void => {
    this.#running?.abort(new Error('the list has changed'));
    this.#running = undefined;
    this.#generation++;
    void this.#fill();
  };

  async #fill(): Promise<void> {
    if (this.#running !== undefined || this.#listeners.size === 0) return;
    const controller = new AbortController();
    this.#running = controller;
    try {
      for (let number = this.#missing(); number !== undefined; number = this.#missing()) {
        const range = { offset: number * WINDOW, limit: WINDOW };
        const window = await this.#init.load(range, controller.signal);
        if (controller.signal.aborted) return;
        this.#take(number, window);
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#set({ ...this.#state, phase: 'failed', message: errorText(error) });
    }
    if (this.#running === controller) this.#running = undefined;
  }

  /** The first window in sight that is not there as it is now. */
  #missing(): number | undefined {
    const { count, phase } = this.#state;
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
    this.#set({ items: rows, count: total, phase: 'ready', complete: this.#windows.size * WINDOW >= total });
  }

  #set(state: PagedState<T>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
