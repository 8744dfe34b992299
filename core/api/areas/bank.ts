import { z } from 'zod';
import {
  checkerSchema,
  contentIdSchema,
  environmentSchema,
  finderSchema,
  peerIdSchema,
  statementSchema,
} from '../../record/index.ts';
import {
  command,
  handleSchema,
  lineSchema,
  nothing,
  pageOf,
  pageRequestShape,
  pathSchema,
  timeSchema,
  windowRequestShape,
} from '../define.ts';

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

/** A bank file being read: every record goes through this node's own Lean. */
export const bankImportSchema = z.object({
  id: handleSchema,
  path: pathSchema,
  state: z.enum(['reading', 'done', 'cancelled', 'failed']),
  /** Of the file, and how much of it has been read. */
  bytes: z.number().nonnegative(),
  bytesRead: z.number().nonnegative(),
  added: z.int().nonnegative(),
  /** Here before. */
  known: z.int().nonnegative(),
  /** Kept and not believed: their environment is not to be had here. */
  claimed: z.int().nonnegative(),
  /** Lines that hold no record, or one that Lean does not accept: how many, and the first of them. */
  bad: z.int().nonnegative(),
  problems: z.array(z.object({ line: z.int().positive(), detail: lineSchema })).max(200),
  /** Why it failed. */
  detail: lineSchema.optional(),
});
export type BankImport = z.infer<typeof bankImportSchema>;

/** The bank being written to a file. */
export const bankExportSchema = z.object({
  id: handleSchema,
  path: pathSchema,
  state: z.enum(['writing', 'done', 'cancelled', 'failed']),
  /** So far, and in all. */
  records: z.int().nonnegative(),
  total: z.int().nonnegative(),
  /** Why it failed. */
  detail: lineSchema.optional(),
});
export type BankExport = z.infer<typeof bankExportSchema>;

export const bankCommands = {
  /** Newest first. */
  'bank.list': command(
    z.strictObject({ ...windowRequestShape, own: z.boolean().optional() }),
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
  /**
   * Writes every proof, and what is kept as claimed, to a new file on the node's machine, a JSON line a record. Answers when
   * it is there whole; `bank:export-progress` tells how far it is.
   */
  'bank.export': command(
    z.strictObject({ path: pathSchema }),
    z.object({ proofs: z.int().nonnegative(), claimed: z.int().nonnegative(), path: pathSchema }),
  ),
  /** Answers once it has begun; `bank:import-progress` and `bank.imports` tell the rest. */
  'bank.import': command(z.strictObject({ path: pathSchema }), z.object({ report: bankImportSchema })),
  /** The last ones, newest first. */
  'bank.imports': command(nothing, z.object({ reports: z.array(bankImportSchema).max(10) })),
  'bank.cancel-import': command(z.strictObject({ import: handleSchema }), nothing),
  /** The command that began it fails then. */
  'bank.cancel-export': command(z.strictObject({ export: handleSchema }), nothing),
  /** Records that peers claim and this node cannot judge, newest first; of these words, where some are given. */
  'bank.claimed': command(
    z.strictObject({ ...pageRequestShape, text: z.string().max(500).optional() }),
    pageOf(proofRowSchema),
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
  z.object({ type: z.literal('bank:import-progress'), report: bankImportSchema }),
  z.object({ type: z.literal('bank:export-progress'), report: bankExportSchema }),
  z.object({ type: z.literal('bank:trouble'), detail: lineSchema }),
] as const;
