import { z } from 'zod';
import {
  contentIdSchema,
  DIFFICULTIES,
  environmentSchema,
  packNameSchema,
  peerIdSchema,
  statementSchema,
} from '../../record/index.ts';
import {
  command,
  editorTextSchema,
  handleSchema,
  lineSchema,
  nothing,
  pageOf,
  pathSchema,
  timeSchema,
  windowRequestShape,
} from '../define.ts';

/**
 * `unverified` until this node has elaborated it (statements of peers), then `open`; `claimed` while a peer says that it
 * works on it; `working` while this node does; `watched` is no status but a mark of the user's.
 */
export const STATEMENT_STATUSES = [
  'open',
  'working',
  'claimed',
  'solved',
  'disproved',
  'unverified',
  'invalid',
] as const;
export const statementStatusSchema = z.enum(STATEMENT_STATUSES);
export type StatementStatus = z.infer<typeof statementStatusSchema>;

export const statementSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local') }),
  z.object({
    kind: z.literal('pack'),
    curator: peerIdSchema,
    pack: packNameSchema,
    priority: z.int().min(0).max(9),
  }),
  z.object({ kind: z.literal('submission'), submitter: peerIdSchema }),
]);

/** A peer that says it works on a statement; it may say so of more than it does. */
export const statementWorkerSchema = z.object({
  peer: peerIdSchema,
  policy: z.string().max(100),
  model: z.string().max(100).optional(),
  /** When this node first heard of it. */
  since: timeSchema,
});
export type StatementWorker = z.infer<typeof statementWorkerSchema>;
export const MAX_WORKERS = 16;

/** A statement in a list. */
export const statementRowSchema = z.object({
  id: contentIdSchema,
  name: z.string().max(1000),
  /** The formal statement's beginning, at most 500 characters. */
  formal: z.string().max(500),
  informal: z.string().max(500).optional(),
  environment: environmentSchema,
  status: statementStatusSchema,
  topic: z.string().max(100).optional(),
  difficulty: z.enum(DIFFICULTIES).optional(),
  dataset: z.string().max(200).optional(),
  addedAt: timeSchema,
  watched: z.boolean(),
  /** Peers that say they work on it, as far as they are counted; absent where there is none. */
  workers: z.int().min(1).max(MAX_WORKERS).optional(),
  /** Why it is invalid. */
  detail: lineSchema.optional(),
});
export type StatementRow = z.infer<typeof statementRowSchema>;

/** A statement whole. */
export const statementViewSchema = z.object({
  row: statementRowSchema,
  statement: statementSchema,
  sources: z.array(statementSourceSchema).max(100),
  workers: z.array(statementWorkerSchema).max(MAX_WORKERS),
  /** Proof records of it, oldest first. */
  proofs: z.array(contentIdSchema).max(100),
  /** Attempts that this node has made at it. */
  attempts: z.int().nonnegative(),
});
export type StatementView = z.infer<typeof statementViewSchema>;

export const statementFilterShape = {
  /** Words of the name, the formal and the informal statement; all must be there. */
  query: z.string().max(500).optional(),
  status: z.array(statementStatusSchema).max(STATEMENT_STATUSES.length).optional(),
  topic: z.string().max(100).optional(),
  difficulty: z.enum(DIFFICULTIES).optional(),
  /** As `describeEnvironment` writes it. */
  environment: z.string().max(300).optional(),
  dataset: z.string().max(200).optional(),
  watched: z.boolean().optional(),
};

const facetSchema = z.object({ value: z.string().max(300), count: z.int().nonnegative() });

/** What there is to filter by, most frequent first. */
export const facetsSchema = z.object({
  total: z.int().nonnegative(),
  status: z.array(facetSchema).max(10),
  topic: z.array(facetSchema).max(200),
  difficulty: z.array(facetSchema).max(10),
  environment: z.array(facetSchema).max(50),
  dataset: z.array(facetSchema).max(200),
});
export type Facets = z.infer<typeof facetsSchema>;

export const MAX_IMPORT_TEXT = 16_000_000;
export const MAX_DEFECTS = 200;

export const importReportSchema = z.object({
  id: handleSchema,
  fileName: z.string().max(500),
  state: z.enum(['reading', 'done', 'cancelled', 'failed']),
  added: z.int().nonnegative(),
  /** Already on the board. */
  known: z.int().nonnegative(),
  duplicates: z.int().nonnegative(),
  /** Entries that are no statements: the first of them, and how many in all. */
  defects: z.array(lineSchema).max(MAX_DEFECTS),
  defective: z.int().nonnegative(),
  /** Why it failed. */
  detail: lineSchema.optional(),
});
export type ImportReport = z.infer<typeof importReportSchema>;

export const importSourceSchema = z.discriminatedUnion('kind', [
  /** A file on the node's machine: for datasets of any size. */
  z.strictObject({ kind: z.literal('path'), path: pathSchema }),
  z.strictObject({
    kind: z.literal('text'),
    fileName: z
      .string()
      .max(255)
      .regex(/\.(lean|jsonl?)$/i, 'expected a .lean, .jsonl or .json file'),
    text: z.string().max(MAX_IMPORT_TEXT),
  }),
  /** What the program brings along. */
  z.strictObject({ kind: z.literal('starter') }),
]);

export const statementsCommands = {
  'statements.list': command(
    z.strictObject({
      ...statementFilterShape,
      ...windowRequestShape,
      sort: z.enum(['added', 'name', 'difficulty']).default('added'),
    }),
    pageOf(statementRowSchema),
  ),
  'statements.facets': command(nothing, z.object({ facets: facetsSchema })),
  'statements.get': command(
    z.strictObject({ statement: contentIdSchema }),
    z.object({ statement: statementViewSchema }),
  ),
  /** What a text states, without keeping it: for the editor. */
  'statements.read': command(
    z.strictObject({ text: editorTextSchema }),
    z.object({
      statements: z.array(statementRowSchema).max(200),
      defects: z.array(lineSchema).max(MAX_DEFECTS),
    }),
  ),
  /** Answers once it has begun; `statements:import-progress` tells the rest. */
  'statements.import': command(
    z.strictObject({ source: importSourceSchema }),
    z.object({ report: importReportSchema }),
  ),
  'statements.cancel-import': command(z.strictObject({ import: handleSchema }), nothing),
  'statements.watch': command(z.strictObject({ statement: contentIdSchema, watched: z.boolean() }), nothing),
  /** Signs a pack of these and offers it to the swarm. */
  'statements.publish': command(
    z.strictObject({
      statements: z.array(contentIdSchema).min(1).max(10_000),
      name: packNameSchema,
      description: z.string().max(2000),
      licence: z.string().min(1).max(100),
      priority: z.int().min(0).max(9).default(4),
    }),
    z.object({ pack: contentIdSchema, version: z.int().positive(), peers: z.int().nonnegative() }),
  ),
  /**
   * `withdrawn`: this node, which has put it up, no longer asks for it · `misstated`: it does not say what it should,
   * which counts with those who trust this node as a curator.
   */
  'statements.notice': command(
    z.strictObject({
      statement: contentIdSchema,
      status: z.enum(['withdrawn', 'misstated']),
      detail: z.string().max(1000).default(''),
    }),
    z.object({ peers: z.int().nonnegative() }),
  ),
};

export const statementsEvents = [
  /** The board has other statements than before; lists and facets are to be read again. */
  z.object({ type: z.literal('statements:changed'), total: z.int().nonnegative() }),
  z.object({ type: z.literal('statements:status-changed'), row: statementRowSchema }),
  z.object({ type: z.literal('statements:import-progress'), report: importReportSchema }),
] as const;
