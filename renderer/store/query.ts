import { errorText } from './error-text.ts';

/** Something read from the node. What was there stays on screen while it is read again. */
export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T }
  | { readonly kind: 'failed'; readonly message: string };

export interface QueryInit<T> {
  readonly load: (signal: AbortSignal) => Promise<T>;
  /** Calls back when what was read is no longer true. Returns its undo. */
  readonly invalidated?: (listener: () => void) => () => void;
  /** Changes within so many milliseconds are read as one. */
  readonly settleMs?: number;
}

const LOADING: Loaded<never> = { kind: 'loading' };

/** Reads once it is looked at, and again when told that it changed; stops when nobody looks. */
export class Query<T> {
  readonly #init: QueryInit<T>;
  readonly #listeners = new Set<() => void>();
  #value: Loaded<T> = LOADING;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #uninvalidate: (() => void) | undefined;
  #again = false;

  constructor(init: QueryInit<T>) {
    this.#init = init;
  }

  readonly current = (): Loaded<T> => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  readonly reload = (): void => {
    if (this.#listeners.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running === undefined) void this.#load();
    else this.#again = true;
  };

  #begin(): void {
    this.#uninvalidate = this.#init.invalidated?.(() => {
      this.#timer ??= setTimeout(this.reload, this.#init.settleMs ?? 200);
    });
    void this.#load();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.#uninvalidate?.();
    this.#running?.abort(new Error('nobody looks any more'));
    this.#running = undefined;
  }

  async #load(): Promise<void> {
    const controller = new AbortController();
    this.#running = controller;
    let next: Loaded<T>;
    try {
      next = { kind: 'ready', value: await this.#init.load(controller.signal) };
    } catch (error) {
      next = { kind: 'failed', message: errorText(error) };
    }
    if (controller.signal.aborted || this.#running !== controller) return;
    this.#running = undefined;
    this.#value = next;
    for (const listener of this.#listeners) listener();
    if (this.#again) {
      this.#again = false;
      void this.#load();
    }
  }
}
