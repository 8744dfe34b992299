import { errorText } from './error-text.ts';

/** What a list that is read piece by piece shows. */
export interface ListState<T> {
  readonly items: readonly T[];
  /** How many rows to show; those beyond `items` have not been read yet. */
  readonly count: number;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly complete: boolean;
  readonly message?: string;
}

/** What the lists have in common: they are read while somebody looks, and tell those who look. */
export abstract class LoadedList<T> {
  readonly #listeners = new Set<() => void>();
  #state: ListState<T> = { items: [], count: 0, phase: 'loading', complete: false };
  #running: AbortController | undefined;

  readonly current = (): ListState<T> => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    void this.fill();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.stop(new Error('nobody looks any more'));
    };
  };

  readonly retry = (): void => {
    this.set({ ...this.#state, phase: 'ready' });
    void this.fill();
  };

  /** Reads what is wanted and is not there. */
  protected abstract fill(): Promise<void>;

  /**
   * Does the reading, unless that goes on already or nobody looks.
   * @param step reads a piece; undefined where none is missing. Between that answer and the end of the reading nothing is
   * awaited, so that what is wanted meanwhile is not overlooked.
   */
  protected async read(step: (signal: AbortSignal) => Promise<void> | undefined): Promise<void> {
    if (this.#running !== undefined || this.#listeners.size === 0) return;
    const controller = new AbortController();
    this.#running = controller;
    try {
      for (let reading = step(controller.signal); reading !== undefined; reading = step(controller.signal)) {
        await reading;
        if (controller.signal.aborted) return;
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      this.set({ ...this.#state, phase: 'failed', message: errorText(error) });
    }
    if (this.#running === controller) this.#running = undefined;
  }

  protected stop(reason: Error): void {
    this.#running?.abort(reason);
    this.#running = undefined;
  }

  protected set(state: ListState<T>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
