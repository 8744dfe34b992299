import { z } from 'zod';
import {
  checkerSchema,
  contentIdSchema,
  environmentSchema,
  finderSchema,
  peerIdSchema,
  statementSchema,
} from '../../record/index.ts';
import { command, lineSchema, pageOf, pageRequestShape, pathSchema, timeSchema } from '../define.ts';

/** `verified`: this node's own Lean accepted it. `claimed`: a peer says so and this node cannot judge it. */
export const trustSchema = z.enum(['verified', 'claimed']);

/** A proof in a list. */
export const proofRowSchema = z.object({
  id: contentIdSchema,
  statement: contentIdSchema,
  name: z.string().max(1000),
  formal: z.string().max(500),
  environment: environmentSchema,
  finder: finderSchema,
  /** Found on this machine. */
  own: z.boolean(),
  trust: trustSchema,
  createdAt: timeSchema,
  /** Length of the submission in characters. */
  length: z.int().nonnegative(),
  topic: z.string().max(100).optional(),
  /** Of a search: higher is closer, comparable within one answer. */
  score: z.number().optional(),
});
export type ProofRow = z.infer<typeof proofRowSchema>;

export const attestationViewSchema = z.object({
  peer: peerIdSchema,
  checker: checkerSchema,
  createdAt: timeSchema,
});

export type AttestationView = z.infer<typeof attestationViewSchema>;

export const proofViewSchema = z.object({
  row: proofRowSchema,
  statement: statementSchema,
  submission: z.string().max(1_000_000),
  checker: checkerSchema,
  licence: z.string().max(100),
  /** Of the record by its finder, in hexadecimal; it has been checked. */
  signature: z.string().max(200),
  attestations: z.array(attestationViewSchema).max(100),
  /** Proofs of this node that had it among their premises, newest first. */
  usedBy: z.array(z.object({ statement: contentIdSchema, name: z.string().max(1000) })).max(100),
});
export type ProofView = z.infer<typeof proofViewSchema>;

export const bankCountsSchema = z.object({
  proofs: z.int().nonnegative(),
  statements: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
  own: z.int().nonnegative(),
  claimed: z.int().nonnegative(),
});
export type BankCounts = z.infer<typeof bankCountsSchema>;

export const bankCommands = {
  /** Newest first. */
  'bank.list': command(
    z.strictObject({ ...pageRequestShape, own: z.boolean().optional() }),
    pageOf(proofRowSchema),
  ),
  /**
   * `text`: statements and proofs that hold these words, names and symbols. `meaning`: statements like this one; where
   * the text is a Lean statement, what retrieval would show a policy.
   */
  'bank.search': command(
    z.strictObject({
      text: z.string().min(1).max(20_000),
      mode: z.enum(['text', 'meaning']).default('text'),
      limit: z.int().min(1).max(100).default(30),
    }),
    z.object({ items: z.array(proofRowSchema).max(100) }),
  ),
  'bank.proof': command(z.strictObject({ proof: contentIdSchema }), z.object({ proof: proofViewSchema })),
  'bank.stats': command(
    z.strictObject({}),
    z.object({
      counts: bankCountsSchema,
      bytes: z.number().nonnegative(),
      directory: pathSchema,
    }),
  ),
  /** Writes every proof to a new file on the node's machine, a JSON line a proof. */
  'bank.export': command(
    z.strictObject({ path: pathSchema }),
    z.object({ proofs: z.int().nonnegative(), path: pathSchema }),
  ),
};

export const bankEvents = [
  /** `found`: by this machine · `received`: from a peer, accepted by this node's own Lean (or kept as claimed). */
  z.object({
    type: z.literal('bank:proof-added'),
    how: z.enum(['found', 'received', 'imported']),
    proof: proofRowSchema,
    /** The user watches its statement. */
    watched: z.boolean(),
    counts: bankCountsSchema,
  }),
  z.object({ type: z.literal('bank:trouble'), detail: lineSchema }),
] as const;
