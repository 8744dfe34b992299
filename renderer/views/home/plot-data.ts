import { SAMPLE_SECONDS, type Sample } from '../../../core/api/index.ts';

/** Minutes that are plotted: the fewest that hold all that was done. */
const WINDOWS = [15, 30, 60] as const;
/** Samples that one bar sums up. */
const BAR_SECONDS = 60;

export interface PlotData {
  /** Seconds since 1970: when each bar begins. */
  readonly times: number[];
  readonly attempts: number[];
  readonly proofs: number[];
}

/** The last minutes, an hour at most. Intervals that were left out are zeros: nothing was done in them. */
export function plotData(samples: readonly Sample[], now: number): PlotData {
  const last = Math.floor(now / 1000 / BAR_SECONDS) * BAR_SECONDS;
  const [oldest] = samples.map(({ at }) => at / 1000).filter((at) => at > last - 3600 + BAR_SECONDS);
  const used = oldest === undefined ? 0 : (last - oldest) / BAR_SECONDS + 1;
  const bars = WINDOWS.find((minutes) => minutes >= used) ?? WINDOWS[2];
  const first = last - (bars - 1) * BAR_SECONDS;
  const attempts = new Array<number>(bars).fill(0);
  const proofs = new Array<number>(bars).fill(0);
  for (const sample of samples) {
    const index = Math.floor((sample.at / 1000 - first) / BAR_SECONDS);
    if (index < 0 || index >= bars) continue;
    attempts[index] = (attempts[index] ?? 0) + sample.attempts;
    proofs[index] = (proofs[index] ?? 0) + sample.found + sample.received;
  }
  return { times: attempts.map((_, index) => first + index * BAR_SECONDS), attempts, proofs };
}

/** Of the last whole minute or what there is of it: attempts and tokens a minute. */
export function throughput(
  samples: readonly Sample[],
  now: number,
): { readonly attempts: number; readonly tokens: number } {
  const from = now - BAR_SECONDS * 1000 - SAMPLE_SECONDS * 1000;
  const recent = samples.filter(({ at }) => at >= from).slice(-(BAR_SECONDS / SAMPLE_SECONDS));
  return {
    attempts: recent.reduce((sum, sample) => sum + sample.attempts, 0),
    tokens: recent.reduce((sum, sample) => sum + sample.generatedTokens, 0),
  };
}
