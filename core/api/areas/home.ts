import { z } from 'zod';
import { timeSchema } from '../define.ts';

/** What was done within one sampling interval. */
export const sampleSchema = z.object({
  /** When the interval began. */
  at: timeSchema,
  /** Attempts judged in the interval. */
  attempts: z.int().nonnegative(),
  generatedTokens: z.int().nonnegative(),
  /** Proofs found here, and proofs of others that this node's Lean accepted. */
  found: z.int().nonnegative(),
  received: z.int().nonnegative(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** Samples that are kept: an hour. */
export const SAMPLE_SECONDS = 10;
export const MAX_SAMPLES = 360;

/** Since local midnight; `received` and `attempts` since the node started, where that was later. */
export const todaySchema = z.object({
  /** `YYYY-MM-DD` in local time. */
  day: z.string().length(10),
  found: z.int().nonnegative(),
  received: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
});
export type Today = z.infer<typeof todaySchema>;

export const activitySchema = z.object({
  today: todaySchema,
  /** Oldest first, one a `SAMPLE_SECONDS`; intervals in which nothing was done may be left out. */
  samples: z.array(sampleSchema).max(MAX_SAMPLES),
});
export type Activity = z.infer<typeof activitySchema>;

export const homeEvents = [
  /** Takes the place of the last sample where it is of the same interval. */
  z.object({ type: z.literal('activity:sampled'), sample: sampleSchema, today: todaySchema }),
] as const;
