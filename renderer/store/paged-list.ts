import { LoadedList } from './list-state.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
  readonly total?: number | undefined;
}

export interface PagedListInit<T> {
  readonly load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
  readonly keyOf: (item: T) => string;
}

/**
 * A list that is read page after page as far as it is looked at. Cursors lead from a page to the next only, so that a jump
 * to the middle of a long list reads all before it.
 */
export class PagedList<T> extends LoadedList<T> {
  readonly #init: PagedListInit<T>;
  #cursor: string | undefined;
  #wanted = 1;

  constructor(init: PagedListInit<T>) {
    super();
    this.#init = init;
  }

  /** Reads on until row `index` is there, or the list ends. */
  readonly want = (index: number): void => {
    this.#wanted = Math.max(this.#wanted, index + 1);
    if (this.current().phase !== 'failed') void this.fill();
  };

  /** From the beginning; what was there stays until the first page is new. */
  readonly restart = (): void => {
    this.stop(new Error('the list has changed'));
    this.#wanted = Math.min(this.#wanted, 1);
    void this.fill(true);
  };

  /** Puts a row in the place of the one with its key. */
  replace(item: T): void {
    const key = this.#init.keyOf(item);
    const index = this.current().items.findIndex((other) => this.#init.keyOf(other) === key);
    if (index >= 0) this.set({ ...this.current(), items: this.current().items.with(index, item) });
  }

  protected override fill(fresh = false): Promise<void> {
    let restart = fresh;
    return this.read((signal) => {
      if (!restart && !this.#isWanting()) return undefined;
      const reading = this.#load(restart, signal);
      restart = false;
      return reading;
    });
  }

  async #load(restart: boolean, signal: AbortSignal): Promise<void> {
    const page = await this.#init.load(restart ? undefined : this.#cursor, signal);
    if (!signal.aborted) this.#take(page, restart);
  }

  #isWanting(): boolean {
    const { complete, items } = this.current();
    return !complete && items.length < this.#wanted;
  }

  #take({ items: page, next, total }: Page<T>, fresh: boolean): void {
    const before = fresh ? [] : this.current().items;
    // A row that moved from one page to the next while it was read is shown once.
    const known = new Set(before.map(this.#init.keyOf));
    const items = [...before, ...page.filter((item) => !known.has(this.#init.keyOf(item)))];
    const complete = next === undefined;
    this.#cursor = next;
    const count = complete ? items.length : Math.max(total ?? 0, items.length + 1);
    this.set({ items, count, phase: 'ready', complete });
  }
}
