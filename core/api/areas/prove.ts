import { z } from 'zod';
import { attemptSchema, contentIdSchema, statementSchema } from '../../record/index.ts';
import {
  command,
  editorTextSchema,
  handleSchema,
  lineSchema,
  nothing,
  pageOf,
  pageRequestShape,
  timeSchema,
} from '../define.ts';
import { proveSettingsSchema } from './settings.ts';

/** Why a session ended; `unjudgeable`: the statement does not elaborate here. */
export const SESSION_ENDS = [
  'proved',
  'rounds',
  'seconds',
  'checks',
  'cancelled',
  'policy-exhausted',
  'policy-failed',
  'checker-failed',
  'unjudgeable',
  'failed',
] as const;

/** One statement being tried, or that was. */
export const sessionSchema = z.object({
  id: handleSchema,
  statement: contentIdSchema,
  name: z.string().max(1000),
  formal: z.string().max(500),
  /** Who asked for it. */
  origin: z.enum(['user', 'donation', 'first-run']),
  state: z.enum(['waiting', 'running', 'ended']),
  settings: proveSettingsSchema,
  createdAt: timeSchema,
  startedAt: timeSchema.optional(),
  endedAt: timeSchema.optional(),
  end: z.enum(SESSION_ENDS).optional(),
  detail: lineSchema.optional(),
  /** The record of the proof that was found. */
  proof: contentIdSchema.optional(),
  rollouts: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
});
export type Session = z.infer<typeof sessionSchema>;

/** Where an attempt stands in its session; all from 0. */
export const placeShape = {
  rollout: z.int().nonnegative(),
  round: z.int().nonnegative(),
  candidate: z.int().nonnegative(),
};

/** An attempt on the timeline. */
export const attemptRowSchema = z.object({
  ...placeShape,
  verdict: z.enum(['proved', 'failed', 'rejected', 'exhausted', 'crashed']),
  /** The first error, or the reason, in one line. */
  summary: z.string().max(300),
  milliseconds: z.number().nonnegative(),
  /** Since the session started, in milliseconds. */
  at: z.number().nonnegative(),
  generatedTokens: z.int().nonnegative().optional(),
});
export type AttemptRow = z.infer<typeof attemptRowSchema>;

export const premiseViewSchema = z.object({
  id: contentIdSchema,
  name: z.string().max(1000),
  formal: z.string().max(500),
  score: z.number(),
});
export type PremiseView = z.infer<typeof premiseViewSchema>;

/** Attempts of a session that are kept for the timeline; older ones of a long session are counted only. */
export const MAX_TIMELINE = 2000;

export const sessionViewSchema = z.object({
  session: sessionSchema,
  statement: statementSchema,
  premises: z.array(premiseViewSchema).max(16),
  /** In the order in which verdicts came; the last `MAX_TIMELINE`. */
  attempts: z.array(attemptRowSchema).max(MAX_TIMELINE),
  /** Earlier ones that are not listed. */
  omitted: z.int().nonnegative(),
  /** What is being checked at this moment. */
  checking: z.array(z.object(placeShape)).max(1024),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

export const proveCommands = {
  'prove.start': command(
    z.strictObject({
      source: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('statement'), statement: contentIdSchema }),
        /** Lean source with the theorem to prove; `name` where there are several. */
        z.strictObject({
          kind: z.literal('text'),
          text: editorTextSchema,
          name: z.string().max(1000).optional(),
        }),
      ]),
      settings: proveSettingsSchema.prefault({}),
      origin: z.enum(['user', 'first-run']).default('user'),
    }),
    z.object({ session: sessionSchema }),
  ),
  'prove.stop': command(z.strictObject({ session: handleSchema }), nothing),
  /** `seq` is the last event that the view already holds. */
  'prove.get': command(
    z.strictObject({ session: handleSchema }),
    z.object({ seq: z.int().nonnegative(), view: sessionViewSchema }),
  ),
  /** Newest first. */
  'prove.list': command(z.strictObject({ ...pageRequestShape }), pageOf(sessionSchema)),
  'prove.attempt': command(
    z.strictObject({ session: handleSchema, ...placeShape }),
    z.object({ attempt: attemptSchema, premises: z.array(premiseViewSchema).max(16) }),
  ),
  /** Takes an ended session from the list; its attempts and its proof stay in the bank. */
  'prove.remove': command(z.strictObject({ session: handleSchema }), nothing),
};

const place = { session: handleSchema };

export const proveEvents = [
  z.object({ type: z.literal('prove:session-changed'), session: sessionSchema }),
  z.object({ type: z.literal('prove:session-removed'), ...place }),
  z.object({ type: z.literal('prove:retrieved'), ...place, premises: z.array(premiseViewSchema).max(16) }),
  z.object({ type: z.literal('prove:rollout-started'), ...place, rollout: z.int().nonnegative() }),
  z.object({
    type: z.literal('prove:round-started'),
    ...place,
    rollout: z.int().nonnegative(),
    round: z.int().nonnegative(),
  }),
  z.object({ type: z.literal('prove:check-started'), ...place, place: z.object(placeShape) }),
  z.object({ type: z.literal('prove:attempt-finished'), ...place, attempt: attemptRowSchema }),
] as const;
