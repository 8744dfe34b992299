import type { LeanState } from '../api/index.ts';
import type { LeanSpawner, LeanChecker } from '../lean/index.ts';
import { openEmbeddedLean } from './embedded-lean.ts';
import type { Locations } from './locations.ts';

export interface LeanHostInit {
  readonly locations: Pick<Locations, 'cache'>;
  readonly jobs: number;
  /** How worker processes are started; `child_process` unless set. */
  readonly spawn?: LeanSpawner;
}

/** The embedded Lean, prepared and opened at the first need, and how far it has come. */
export class LeanHost {
  readonly #init: LeanHostInit;
  readonly #onChange: (state: LeanState) => void;
  readonly #stopping = new AbortController();
  #opening: Promise<LeanChecker> | undefined;
  #state: LeanState = { kind: 'unprepared' };

  constructor(init: LeanHostInit, onChange: (state: LeanState) => void) {
    this.#init = init;
    this.#onChange = onChange;
  }

  get state(): LeanState {
    return this.#state;
  }

  /** Tried again by the next caller where it failed. @throws what preparing throws */
  checker(): Promise<LeanChecker> {
    this.#stopping.signal.throwIfAborted();
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      this.#set({ kind: 'failed', detail: (error as Error).message.slice(0, 2000) });
      throw error;
    });
    return this.#opening;
  }

  /** Ends all of Lean's processes. Idempotent. */
  async dispose(): Promise<void> {
    this.#stopping.abort(new Error('the node is stopping'));
    const checker = await this.#opening?.catch(() => undefined);
    await checker?.dispose();
  }

  async #open(): Promise<LeanChecker> {
    const { locations, jobs, spawn } = this.#init;
    this.#set({ kind: 'preparing', step: 'looking for what is prepared' });
    const checker = await openEmbeddedLean({
      locations,
      jobs,
      ...(spawn === undefined ? {} : { spawn }),
      signal: this.#stopping.signal,
      onProgress: ({ step, fraction }) =>
        this.#set({ kind: 'preparing', step, fraction: Math.max(0, Math.min(1, fraction)) }),
    });
    this.#set({ kind: 'ready' });
    return checker;
  }

  #set(state: LeanState): void {
    this.#state = state;
    this.#onChange(state);
  }
}
