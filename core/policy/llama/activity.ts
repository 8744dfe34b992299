import type { Counters, GenerationOutcome } from './protocol.ts';
import type { InferenceEvent, InferenceTotals } from './types.ts';

const NO_COUNTERS: Counters = {
  promptTokens: 0,
  cachedTokens: 0,
  generatedTokens: 0,
  vram: { used: 0, total: 0 },
};
const STATS_MS = 1_000;

type Stats = Extract<InferenceEvent, { type: 'inference:stats' }>;

export interface ActivityComponents {
  readonly slots: () => Stats['slots'];
  readonly emit: (event: Stats) => void;
}

/** What the engine does with its time. Tells once a second while there is work, and once after. */
export class Activity {
  readonly #components: ActivityComponents;
  #state: 'busy' | 'waiting-for-lean' | 'idle' = 'idle';
  #since = performance.now();
  #judging = 0;
  #requests = 0;
  #tokens = { promptTokens: 0, cachedTokens: 0, generatedTokens: 0 };
  #busyMs = 0;
  #waitingForLeanMs = 0;
  #counters = NO_COUNTERS;
  #told = { at: performance.now(), counters: NO_COUNTERS };
  #timer: NodeJS.Timeout | undefined;

  constructor(components: ActivityComponents) {
    this.#components = components;
  }

  get totals(): InferenceTotals {
    this.update();
    return {
      requests: this.#requests,
      ...this.#tokens,
      busyMs: this.#busyMs,
      waitingForLeanMs: this.#waitingForLeanMs,
    };
  }

  request(): void {
    this.#requests++;
  }

  /** A reply has ended, wanted still or not. */
  finished({ stopReason, promptTokens, cachedTokens, generatedTokens }: GenerationOutcome): void {
    if (stopReason === 'prompt-too-long') return;
    this.#tokens.promptTokens += promptTokens;
    this.#tokens.cachedTokens += cachedTokens;
    this.#tokens.generatedTokens += generatedTokens;
  }

  judging(): () => void {
    this.#judging++;
    this.update();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#judging--;
      this.update();
    };
  }

  /** What the process says of itself. */
  count(counters: Counters): void {
    this.#counters = counters;
  }

  /** The process is gone; the next counts from 0. */
  processEnded(): void {
    this.#counters = NO_COUNTERS;
    this.#told.counters = NO_COUNTERS;
    this.update();
  }

  /** Called whenever slots or judgements change: the time until now belongs to what was. */
  update(): void {
    const now = performance.now();
    if (this.#state === 'busy') this.#busyMs += now - this.#since;
    if (this.#state === 'waiting-for-lean') this.#waitingForLeanMs += now - this.#since;
    this.#since = now;
    const { busy } = this.#components.slots();
    this.#state = busy > 0 ? 'busy' : this.#judging > 0 ? 'waiting-for-lean' : 'idle';
    if (this.#state === 'idle' || this.#timer !== undefined) return;
    this.#told.at = now;
    this.#timer = setInterval(() => this.#tell(), STATS_MS).unref();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    const { totals } = this;
    const now = performance.now();
    const seconds = Math.max(0.001, (now - this.#told.at) / 1000);
    const rate = (count: (counters: Counters) => number): number =>
      (count(this.#counters) - count(this.#told.counters)) / seconds;
    this.#components.emit({
      type: 'inference:stats',
      slots: this.#components.slots(),
      promptTokensPerSecond: rate(({ promptTokens, cachedTokens }) => promptTokens - cachedTokens),
      generatedTokensPerSecond: rate(({ generatedTokens }) => generatedTokens),
      judging: this.#judging,
      vram: this.#counters.vram,
      totals,
    });
    this.#told = { at: now, counters: this.#counters };
    // These figures say that nothing goes on any more: the last ones.
    if (this.#state === 'idle') this.dispose();
  }
}
