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

/**
 * What a round of the mixed policy may go to: the portfolio's first round, its search after that, the language model, the
 * portfolio on what the model left open. As in core/policy/mixed, which a stage cannot take from here.
 */
export const BUDGET_WAYS = ['opening', 'search', 'model', 'leftovers'] as const;
export const budgetWaySchema = z.enum(BUDGET_WAYS);
export type BudgetWay = z.infer<typeof budgetWaySchema>;

/** What one way was given of a session's budget, and what came of it. */
export const spentSchema = z.strictObject({
  way: budgetWaySchema,
  rounds: z.int().nonnegative(),
  milliseconds: z.number().nonnegative(),
  /** The session's proof was of it. */
  proved: z.boolean(),
});
export type Spent = z.infer<typeof spentSchema>;

/** What one way would get of a statement's rounds after the opening, by what it has brought so far. */
export const budgetShareSchema = z.strictObject({
  way: budgetWaySchema.exclude(['opening']),
  /** Of the rounds, and of the time; both sum to 1 over all ways. */
  share: z.number().min(0).max(1),
  timeShare: z.number().min(0).max(1),
  /** Rounds that it has had, and proofs that it found in them; what is long ago counts less. */
  rounds: z.number().nonnegative(),
  proofs: z.number().nonnegative(),
  /** What a round of it takes. */
  seconds: z.number().nonnegative(),
});
export type BudgetShareView = z.infer<typeof budgetShareSchema>;

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
  /** Of the mixed policy, in the order of `BUDGET_WAYS`. */
  spent: z.array(spentSchema).max(BUDGET_WAYS.length).optional(),
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

/** The end of a reply that is shown while it is written. */
export const MAX_REPLY_TEXT = 8000;

/** A reply that a language model is writing. */
export const replySchema = z.object({
  rollout: z.int().nonnegative(),
  round: z.int().nonnegative(),
  promptTokens: z.int().nonnegative(),
  /** Written so far; 0 while it waits for a slot, or the model reads the prompt. */
  tokens: z.int().nonnegative(),
  /** Since its first token. */
  milliseconds: z.number().nonnegative(),
  /** Its end, as the model wrote it: nothing of it has been judged. */
  text: z.string().max(MAX_REPLY_TEXT),
  /** Characters before that. */
  omitted: z.int().nonnegative(),
});
export type ReplyView = z.infer<typeof replySchema>;

/** More replies at a time are not shown. */
export const MAX_REPLIES = 64;

/** Of what was added to a reply at a time. */
export const MAX_ADDED_TEXT = 2000;

/** What was added to the reply of a rollout, and where it stands by then. */
export const addedTextSchema = z.object({
  rollout: z.int().nonnegative(),
  tokens: z.int().nonnegative(),
  milliseconds: z.number().nonnegative(),
  /** The end of it. */
  text: z.string().max(MAX_ADDED_TEXT),
  /** Characters before that. */
  omitted: z.int().nonnegative(),
});
export type AddedText = z.infer<typeof addedTextSchema>;

/** A reply after what was added to it. */
export function grownReply(reply: ReplyView, added: AddedText): ReplyView {
  const { tokens, milliseconds } = added;
  // What was left out of the addition stands between both: nothing before it is shown.
  const text = added.omitted > 0 ? added.text : reply.text + added.text;
  const before = reply.omitted + (added.omitted > 0 ? reply.text.length + added.omitted : 0);
  const cut = Math.max(0, text.length - MAX_REPLY_TEXT);
  return { ...reply, tokens, milliseconds, text: text.slice(cut).toWellFormed(), omitted: before + cut };
}

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
  /** What is being written at this moment; one a rollout. */
  replies: z.array(replySchema).max(MAX_REPLIES),
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
  /** In the place of an earlier one of its rollout. */
  z.object({ type: z.literal('prove:reply-started'), ...place, reply: replySchema }),
  /** Some times a second: what was added since the last. */
  z.object({
    type: z.literal('prove:replies-grew'),
    ...place,
    added: z.array(addedTextSchema).max(MAX_REPLIES),
  }),
  z.object({ type: z.literal('prove:reply-ended'), ...place, rollout: z.int().nonnegative() }),
  /** What the mixed policy has learnt of the model that is chosen now; empty where none is. */
  z.object({ type: z.literal('prove:budget-learnt'), budget: z.array(budgetShareSchema).max(3) }),
] as const;
