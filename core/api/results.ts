import { z } from 'zod';
import { contentIdSchema } from '../record/index.ts';

/** One line of a results file: what became of one statement of a run. */
export const resultLineSchema = z.object({
  id: contentIdSchema,
  name: z.string(),
  solved: z.boolean(),
  /** Complete Lean source, accepted by the kernel; null where not solved. */
  proof: z.string().nullable(),
  /** Of the proof, or how far the search came; from 0. */
  rollout: z.int().nonnegative(),
  round: z.int().nonnegative(),
  /** Submissions that were tried. */
  attempts: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  /** Why it ended: `proved`, `seconds`, `rounds`, `policy-exhausted`, `unjudgeable`, … */
  reason: z.string(),
  detail: z.string().optional(),
});
export type ResultLine = z.infer<typeof resultLineSchema>;
