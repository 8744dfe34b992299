import { z } from 'zod';
import { peerIdSchema } from '../../record/index.ts';
import { command, pageOf, pageRequestShape, timeSchema } from '../define.ts';

const seconds = z.number().nonnegative();
const count = z.int().nonnegative();
/** `YYYY-MM-DD` in local time. */
const daySchema = z.string().length(10);
/** Of a contributor or a team, as they chose it: a claim, which two may make. */
const displayNameSchema = z.string().min(1).max(40);

/** Time in which this node's processes were at work on statements, as they were measured here. */
const computeShape = {
  /** With a model, some of it on a card. */
  gpuSeconds: seconds,
  /** With a model on the processors. */
  cpuSeconds: seconds,
  /** With Lean, which takes a processor core a check. */
  leanSeconds: seconds,
};

/** What a contributor says of itself; nobody can check it. */
export const claimedHoursSchema = z.object({ gpuSeconds: seconds, cpuSeconds: seconds });
export type ClaimedHours = z.infer<typeof claimedHoursSchema>;

/** What this node tells others of its user. */
export const profileViewSchema = z.object({
  name: displayNameSchema.optional(),
  team: displayNameSchema.optional(),
  /** Whether others are told of the hours. */
  shareHours: z.boolean(),
  /** When others were last told; absent where they never were. */
  publishedAt: timeSchema.optional(),
});
export type ProfileView = z.infer<typeof profileViewSchema>;

/** Counted from signed records in this node's bank, from its own attempts, and from what it measured of itself. */
export const contributionsSchema = z.object({
  peer: peerIdSchema,
  profile: profileViewSchema,
  proofs: count,
  statements: count,
  /** First to prove: no record of the statement in this bank is older. */
  firsts: count,
  attempts: count,
  donated: z.object(computeShape),
  /** Days on which something was proved or worked on, oldest first; the last 366. */
  days: z.array(z.object({ day: daySchema, proofs: count, ...computeShape })).max(366),
});
export type Contributions = z.infer<typeof contributionsSchema>;

export const standingSchema = z.object({
  rank: z.int().positive(),
  peer: peerIdSchema,
  name: displayNameSchema.optional(),
  team: displayNameSchema.optional(),
  proofs: count,
  firsts: count,
  lastAt: timeSchema,
  hours: claimedHoursSchema.optional(),
  own: z.boolean(),
});
export type Standing = z.infer<typeof standingSchema>;

export const teamStandingSchema = z.object({
  rank: z.int().positive(),
  /** As those of its members write it who have proved most. */
  team: displayNameSchema,
  members: z.int().positive(),
  proofs: count,
  firsts: count,
  /** That any of its members proved. */
  statements: count,
  /** Absent where none of its members has proved anything. */
  lastAt: timeSchema.optional(),
  /** Of those who tell. */
  hours: claimedHoursSchema,
  /** Whether this node says that it is in it. */
  own: z.boolean(),
});
export type TeamStanding = z.infer<typeof teamStandingSchema>;

export const contributionsCommands = {
  'contributions.mine': command(z.strictObject({}), z.object({ contributions: contributionsSchema })),
  /** By proofs of statements that nobody had proved before, then by proofs. */
  'contributions.leaderboard': command(z.strictObject({ ...pageRequestShape }), pageOf(standingSchema)),
  'contributions.teams': command(z.strictObject({ ...pageRequestShape }), pageOf(teamStandingSchema)),
  /** What others are told, within five minutes where the network is on. An empty name is none. */
  'contributions.set-profile': command(
    z.strictObject({ name: z.string().max(400), team: z.string().max(400), shareHours: z.boolean() }),
    z.object({ profile: profileViewSchema }),
  ),
};

export const contributionsEvents = [
  /** Hours, or what contributors say of themselves. */
  z.object({ type: z.literal('contributions:changed') }),
] as const;
