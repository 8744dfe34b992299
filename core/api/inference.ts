import { z } from 'zod';
import { lineSchema } from './define.ts';

/**
 * What a face is told of a language model at work: a model's loading, its memory, and once a second its figures. What
 * it writes is told by `prove:reply-…`, where it is for a session. The same as core/policy/llama's own events, which a stage cannot take from here, with texts and lists bounded.
 */

/** From a model's own file, which is a stranger's. */
const text = z.string().max(500);
const bytes = z.number().nonnegative();
const count = z.int().nonnegative();
const memorySchema = z.strictObject({ needed: bytes, free: bytes, total: bytes });
const gpuSchema = z.enum(['cuda', 'metal', 'vulkan', 'cpu']);

/** What loading a model takes, in bytes, and what would make it fit where it does not. */
const inferenceEstimateSchema = z.strictObject({
  fits: z.boolean(),
  gpu: gpuSchema,
  gpuLayers: count,
  layers: count,
  contextSize: count,
  slots: count,
  vram: memorySchema,
  ram: memorySchema,
  suggestions: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('context-size'), contextSize: count }),
        z.strictObject({ kind: z.literal('slots'), slots: count }),
        z.strictObject({ kind: z.literal('gpu-layers'), gpuLayers: count }),
        z.strictObject({ kind: z.literal('smaller-file'), bytes }),
      ]),
    )
    .readonly(),
});

/** A loaded model and where it runs. */
const inferenceModelSchema = z.strictObject({
  name: text.optional(),
  architecture: text.optional(),
  basename: text.optional(),
  organization: text.optional(),
  baseModels: z.array(text).max(20).readonly(),
  fileName: text,
  /** Whether the chat template is the model's own, or was guessed. */
  template: z.enum(['own', 'guessed']),
  contextSize: count,
  trainContextSize: count,
  slots: count,
  gpu: gpuSchema,
  devices: z.array(text).max(64).readonly(),
  gpuLayers: count,
  layers: count,
  threads: count,
  vramBytes: bytes,
  ramBytes: bytes,
});

export const inferenceTotalsSchema = z.strictObject({
  requests: count,
  promptTokens: count,
  /** Prompt tokens whose state was there already. */
  cachedTokens: count,
  generatedTokens: count,
  /** Milliseconds with at least one rollout generating. */
  busyMs: z.number().nonnegative(),
  /** Milliseconds in which none was, while Lean checked: the model idled because of Lean. */
  waitingForLeanMs: z.number().nonnegative(),
});
export type InferenceTotals = z.infer<typeof inferenceTotalsSchema>;

/** Once a second while there is work, and once after. */
const inferenceStatsSchema = z.strictObject({
  type: z.literal('inference:stats'),
  slots: z.strictObject({ total: count, busy: count, queued: count }),
  promptTokensPerSecond: z.number().nonnegative(),
  generatedTokensPerSecond: z.number().nonnegative(),
  /** Replies that Lean is checking. */
  judging: count,
  vram: z.strictObject({ used: bytes, total: bytes }),
  totals: inferenceTotalsSchema,
});

export const inferenceEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('inference:estimated'), estimate: inferenceEstimateSchema }),
  z.strictObject({ type: z.literal('inference:loading'), fraction: z.number().min(0).max(1) }),
  z.strictObject({
    type: z.literal('inference:ready'),
    model: inferenceModelSchema,
    seconds: z.number().nonnegative(),
  }),
  inferenceStatsSchema,
  z.strictObject({ type: z.literal('inference:unloaded'), reason: z.enum(['idle', 'asked']) }),
  z.strictObject({ type: z.literal('inference:crashed'), detail: lineSchema }),
]);
export type InferenceEvent = z.infer<typeof inferenceEventSchema>;

/** Rounds that are told apart; what comes later is counted with the last. */
const MAX_ROUNDS = 64;

/** What Lean said to what a language model wrote, by round (from 0: the first try, then its repairs), in this run of the node. */
export const acceptanceSchema = z
  .array(z.strictObject({ round: count, attempts: count, accepted: count }))
  .max(MAX_ROUNDS);
export type Acceptance = z.infer<typeof acceptanceSchema>;

export function withAttempt(acceptance: Acceptance, attempt: { round: number; verdict: string }): Acceptance {
  const round = Math.min(attempt.round, MAX_ROUNDS - 1);
  const before = acceptance.find((entry) => entry.round === round) ?? { round, attempts: 0, accepted: 0 };
  const accepted = before.accepted + (attempt.verdict === 'proved' ? 1 : 0);
  const others = acceptance.filter((entry) => entry.round !== round);
  return [...others, { round, attempts: before.attempts + 1, accepted }].sort((a, b) => a.round - b.round);
}

/** What is known of the model that is at work, or was last. */
export const inferenceStateSchema = z.strictObject({
  phase: z.enum(['off', 'loading', 'ready', 'crashed']),
  /** Loaded so far. */
  fraction: z.number().min(0).max(1).optional(),
  model: inferenceModelSchema.optional(),
  /** The latest figures. */
  stats: inferenceStatsSchema.optional(),
  /** Why it crashed. */
  detail: lineSchema.optional(),
});
export type InferenceState = z.infer<typeof inferenceStateSchema>;

export function applyInference(state: InferenceState, event: InferenceEvent): InferenceState {
  switch (event.type) {
    case 'inference:estimated':
      return state;
    case 'inference:loading':
      return { phase: 'loading', fraction: event.fraction };
    case 'inference:ready':
      return { phase: 'ready', model: event.model };
    case 'inference:stats':
      return { ...state, stats: event };
    case 'inference:unloaded':
      return { phase: 'off' };
    case 'inference:crashed':
      return { phase: 'crashed', detail: event.detail };
  }
}
