import { z } from 'zod';
import { contentIdSchema } from './canonical.ts';
import type { Statement } from './statement.ts';
import { sourceSchema } from './text.ts';
import { verdictSchema } from './verdict.ts';

/** What one attempt cost. */
export const costSchema = z.strictObject({
  /** Wall-clock time from proposal to verdict. */
  milliseconds: z.number().nonnegative(),
  promptTokens: z.int().nonnegative().optional(),
  generatedTokens: z.int().nonnegative().optional(),
});

/** How a language model came to a submission; its prompt, reply and tokens stand beside. */
export const generationSchema = z.strictObject({
  /** File name of the model. */
  model: z.string(),
  /** Prompt family. */
  family: z.string(),
  seed: z.int().nonnegative(),
  /** Why the reply ended: `end`, `stop-text`, `max-tokens`, `context-full` or `stopped`. */
  stopReason: z.string(),
  /** Why it was stopped, where it was: `complete`, `repetition`, … */
  stopped: z.string().optional(),
  /** The reply's thinking text. */
  thinking: z.string(),
  /** Parts of the state that the prompt had no room for, e.g. `reference ID (budget)`. */
  omitted: z.array(z.string()),
  /** Prompt tokens that were not evaluated, as their state was there already. */
  cachedTokens: z.int().nonnegative(),
  /** Waiting for a slot, evaluating the prompt, generating. */
  milliseconds: z.strictObject({
    queued: z.number().nonnegative(),
    prompt: z.number().nonnegative(),
    generation: z.number().nonnegative(),
  }),
});
export type GenerationRecord = z.infer<typeof generationSchema>;

/** One check of the repair loop, kept whole so that a trajectory can be replayed, measured and learnt from. */
export const attemptSchema = z.strictObject({
  statement: contentIdSchema,
  /** From 0. */
  rollout: z.int().nonnegative(),
  /** From 0. */
  round: z.int().nonnegative(),
  /** Position among the submissions of this round, from 0. */
  candidate: z.int().nonnegative(),
  policy: z.string().min(1),
  prompt: z.string().optional(),
  response: z.string().optional(),
  generation: generationSchema.optional(),
  submission: sourceSchema,
  /** Ids of the proofs that were retrieved for this round. */
  retrieved: z.array(contentIdSchema),
  verdict: verdictSchema,
  cost: costSchema,
});
export type Attempt = z.infer<typeof attemptSchema>;

/** A verified proof offered to a policy as an example or a source of ideas. */
export interface Premise {
  /** The proof record's id. */
  readonly id: string;
  readonly statement: Statement;
  readonly submission: string;
  /** Higher is closer; comparable within one retrieval only. */
  readonly score: number;
}

/** All that a policy may look at: what OProver's state of a round holds. */
export interface RoundState {
  readonly statement: Statement;
  /** From 0. */
  readonly rollout: number;
  /** From 0. */
  readonly round: number;
  /** Retrieved verified proofs, best first; empty where retrieval is off. */
  readonly premises: readonly Premise[];
  /** The previous round's attempts with Lean's verdicts; empty in round 0 and where feedback is off. */
  readonly previous: readonly Attempt[];
}

/** One submission that a policy would like checked. */
export interface Proposal {
  /** Complete Lean source; may be empty where there is a defect. */
  readonly submission: string;
  readonly prompt?: string;
  readonly response?: string;
  readonly promptTokens?: number;
  readonly generatedTokens?: number;
  readonly generation?: GenerationRecord;
  /** Why there is nothing to check: the attempt is kept as rejected, and the next round is told. */
  readonly defect?: string;
  /** Where set, this check alone is held to so many thousand heartbeats. */
  readonly maxHeartbeats?: number;
}
