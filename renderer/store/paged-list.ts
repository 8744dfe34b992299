import { errorText } from './error-text.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
  readonly total?: number | undefined;
}

export interface PagedState<T> {
  readonly items: readonly T[];
  /** How many rows to show; those beyond `items` have not been read yet. */
  readonly count: number;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly complete: boolean;
  readonly message?: string;
}

export interface PagedListInit<T> {
  readonly load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
  readonly keyOf: (item: T) => string;
}

const EMPTY = { items: [], count: 0, phase: 'loading', complete: false } as const;

/**
 * A list that is read page after page as far as it is looked at. Cursors lead from a page to the next only, so that a jump
 * to the middle of a long list reads all before it.
 */
export class PagedList<T> {
  readonly #init: PagedListInit<T>;
  readonly #listeners = new Set<() => void>();
  #state: PagedState<T> = EMPTY;
  #cursor: string | undefined;
  #wanted = 1;
  #running: AbortController | undefined;

  constructor(init: PagedListInit<T>) {
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

  /** Reads on until row `index` is there, or the list ends. */
  readonly want = (index: number): void => {
    this.#wanted = Math.max(this.#wanted, index + 1);
    if (this.#state.phase !== 'failed') void this.#fill();
  };

  readonly retry = (): void => {
    this.#set({ ...this.#state, phase: 'ready' });
    void this.#fill();
  };

  /** From the beginning; what was there stays until the first page is new. */
  readonly restart = (): void => {
    this.#running?.abort(new Error('the list has changed'));
    this.#running = undefined;
    this.#wanted = Math.min(this.#wanted, 1);
    void this.#fill(true);
  };

  /** Puts a row in the place of the one with its key. */
  replace(item: T): void {
    const key = this.#init.keyOf(item);
    const index = this.#state.items.findIndex((other) => this.#init.keyOf(other) === key);
    if (index >= 0) this.#set({ ...this.#state, items: this.#state.items.with(index, item) });
  }

  async #fill(fresh = false): Promise<void> {
    if (this.#running !== undefined || this.#listeners.size === 0) return;
    const controller = new AbortController();
    this.#running = controller;
    let restart = fresh;
    try {
      while (restart || (!this.#state.complete && this.#state.items.length < this.#wanted)) {
        const page = await this.#init.load(restart ? undefined : this.#cursor, controller.signal);
        if (controller.signal.aborted) return;
        this.#take(page, restart);
        restart = false;
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#set({ ...this.#state, phase: 'failed', message: errorText(error) });
    }
    if (this.#running === controller) this.#running = undefined;
  }

  #take({ items: page, next, total }: Page<T>, fresh: boolean): void {
    const before = fresh ? [] : this.#state.items;
    // A row that moved from one page to the next while it was read is shown once.
    const known = new Set(before.map(this.#init.keyOf));
    const items = [...before, ...page.filter((item) => !known.has(this.#init.keyOf(item)))];
    const complete = next === undefined;
    this.#cursor = next;
    const count = complete ? items.length : Math.max(total ?? 0, items.length + 1);
    this.#set({ items, count, phase: 'ready', complete });
  }

  #set(state: PagedState<T>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
