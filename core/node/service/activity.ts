import { SAMPLE_SECONDS, type ApiEvent, type Sample, type Today } from '../../api/index.ts';
import { localDay } from '../local-day.ts';

export interface ActivityComponents {
  readonly emit: (event: ApiEvent) => void;
  readonly now: () => number;
}

const INTERVAL_MS = SAMPLE_SECONDS * 1000;

/** Counts what is done, and tells it once an interval in which anything was; a proof is told of at once. */
export class ActivityMeter {
  readonly #components: ActivityComponents;
  readonly #timer: NodeJS.Timeout;
  #sample: Sample;
  #today: Today;
  #told = true;

  /** @param foundToday proofs of this node's own that were made today before it started */
  constructor(components: ActivityComponents, foundToday: number) {
    this.#components = components;
    this.#today = { day: localDay(components.now()), found: foundToday, received: 0, attempts: 0 };
    this.#sample = emptySample(components.now());
    this.#timer = setInterval(() => this.#tell(), INTERVAL_MS);
    this.#timer.unref();
  }

  get today(): Today {
    return this.#today;
  }

  attempt(generatedTokens = 0): void {
    this.#turn();
    const { attempts, generatedTokens: tokens } = this.#sample;
    this.#sample = { ...this.#sample, attempts: attempts + 1, generatedTokens: tokens + generatedTokens };
    this.#today = { ...this.#today, attempts: this.#today.attempts + 1 };
    this.#told = false;
  }

  proof(how: 'found' | 'received'): void {
    this.#turn();
    this.#sample = { ...this.#sample, [how]: this.#sample[how] + 1 };
    this.#today = { ...this.#today, [how]: this.#today[how] + 1 };
    this.#told = false;
    this.#tell();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Begins a new interval, and a new day, where the clock says so. */
  #turn(): void {
    const now = this.#components.now();
    if (emptySample(now).at !== this.#sample.at) {
      this.#tell();
      this.#sample = emptySample(now);
    }
    const day = localDay(now);
    if (this.#today.day !== day) this.#today = { day, found: 0, received: 0, attempts: 0 };
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    this.#components.emit({ type: 'activity:sampled', sample: this.#sample, today: this.#today });
  }
}

const emptySample = (now: number): Sample => ({
  at: Math.floor(now / INTERVAL_MS) * INTERVAL_MS,
  attempts: 0,
  generatedTokens: 0,
  found: 0,
  received: 0,
});
