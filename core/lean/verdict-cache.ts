import type { Verdict } from '../record/index.ts';

/** One check as a cache sees it. */
export interface CachedCheck {
  /** Tells what is checked by what: checks of one key have one verdict. */
  readonly key: string;
  /** What else must agree for two checks under way to be one: the limits, and whose turn it is. */
  readonly conditions: string;
  readonly signal?: AbortSignal | undefined;
  readonly run: (signal: AbortSignal) => Promise<Verdict>;
  /** Whether the verdict holds for later checks of the key too. */
  readonly lasts: (verdict: Verdict) => boolean;
}

interface UnderWay {
  readonly verdict: Promise<Verdict>;
  readonly controller: AbortController;
  waiting: number;
}

/** Remembers verdicts, the least recently used forgotten first, and makes equal checks under way one. */
export class VerdictCache {
  readonly #capacity: number;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #underWay = new Map<string, UnderWay>();

  /** @param capacity verdicts kept */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @throws what the check throws; the signal's reason where it is aborted */
  async check({ key, conditions, signal, run, lasts }: CachedCheck): Promise<Verdict> {
    signal?.throwIfAborted();
    const known = this.#verdicts.get(key);
    if (known !== undefined) {
      this.#keep(key, known);
      return known;
    }
    const place = `${key}\n${conditions}`;
    let shared = this.#underWay.get(place);
    if (shared === undefined) {
      const controller = new AbortController();
      const verdict = run(controller.signal);
      shared = { verdict, controller, waiting: 0 };
      this.#underWay.set(place, shared);
      const mine = shared;
      const over = (): void => {
        if (this.#underWay.get(place) === mine) this.#underWay.delete(place);
      };
      verdict.then((result) => {
        over();
        if (lasts(result)) this.#keep(key, result);
      }, over);
    }
    return this.#await(place, shared, signal);
  }

  /** Waits for a shared check; the last one to lose interest cancels it. */
  async #await(place: string, shared: UnderWay, signal: AbortSignal | undefined): Promise<Verdict> {
    shared.waiting++;
    const leave = (): void => {
      shared.waiting--;
      if (shared.waiting > 0) return;
      // Whoever asks from now on needs a check that is not being cancelled.
      if (this.#underWay.get(place) === shared) this.#underWay.delete(place);
      shared.controller.abort(signal?.reason);
    };
    if (signal === undefined) return shared.verdict;
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => {
      leave();
      // A cancelled check is waited for, so that its worker is gone when the caller goes on.
      if (shared.waiting > 0) aborted.reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([shared.verdict, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #keep(key: string, verdict: Verdict): void {
    this.#verdicts.delete(key);
    this.#verdicts.set(key, verdict);
    const oldest = this.#verdicts.keys().next();
    if (this.#verdicts.size > this.#capacity && !oldest.done) this.#verdicts.delete(oldest.value);
  }
}
