import { z } from 'zod';
import { peerIdSchema } from '../../record/index.ts';
import { command, pageOf, pageRequestShape, timeSchema } from '../define.ts';

/** Counted from signed records in this node's bank and from its own attempts. */
export const contributionsSchema = z.object({
  peer: peerIdSchema,
  proofs: z.int().nonnegative(),
  statements: z.int().nonnegative(),
  /** First to prove: no record of the statement in this bank is older. */
  firsts: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
  /** Time spent on attempts, checking included. */
  computeSeconds: z.number().nonnegative(),
  /** Days on which something was proved, oldest first; the last 366. `day` is `YYYY-MM-DD` in local time. */
  days: z.array(z.object({ day: z.string().length(10), proofs: z.int().nonnegative() })).max(366),
});
export type Contributions = z.infer<typeof contributionsSchema>;

export const standingSchema = z.object({
  rank: z.int().positive(),
  peer: peerIdSchema,
  proofs: z.int().nonnegative(),
  firsts: z.int().nonnegative(),
  lastAt: timeSchema,
  own: z.boolean(),
});
export type Standing = z.infer<typeof standingSchema>;

export const contributionsCommands = {
  'contributions.mine': command(z.strictObject({}), z.object({ contributions: contributionsSchema })),
  'contributions.leaderboard': command(z.strictObject({ ...pageRequestShape }), pageOf(standingSchema)),
};
