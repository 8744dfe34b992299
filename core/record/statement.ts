import { z } from 'zod';
import { contentId, type ContentId } from './canonical.ts';
import { environmentSchema } from './environment.ts';
import { sourceSchema, textSchema } from './text.ts';

export const DIFFICULTIES = ['easy', 'medium', 'hard', 'open-ended'] as const;

/** Where a statement comes from. */
export const provenanceSchema = z.strictObject({
  dataset: textSchema(200).optional(),
  licence: textSchema(100).optional(),
  url: textSchema(2000).optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** The fields that make a statement what it is; its id is the content id of exactly these. */
export const statementIdentitySchema = z.strictObject({
  environment: environmentSchema,
  /** Imports, opens, variables, auxiliary definitions: all that stands before the theorem. May be empty. */
  header: sourceSchema,
  /** From `theorem` up to, and without, `:=`. */
  formal: sourceSchema.pipe(z.string().min(1)),
  /** The theorem's full name in the environment, namespaces included. */
  name: textSchema(1000).min(1),
});
export type StatementIdentity = z.infer<typeof statementIdentitySchema>;

/** A theorem to prove, with what is known about it beside its identity. */
export const statementSchema = statementIdentitySchema.extend({
  informal: textSchema(100_000).optional(),
  source: provenanceSchema.optional(),
  topic: textSchema(100).optional(),
  difficulty: z.enum(DIFFICULTIES).optional(),
  tags: z.array(textSchema(100).min(1)).max(100).optional(),
});
export type StatementRecord = z.infer<typeof statementSchema>;

/** A statement with its id. */
export interface Statement extends Readonly<StatementRecord> {
  readonly id: ContentId;
}

/** The id on which all nodes that import one statement agree: metadata does not count. */
export function statementId(statement: StatementIdentity): ContentId {
  const { environment, header, formal, name } = statement;
  return idOf(statementIdentitySchema.parse({ environment, header, formal, name }));
}

/** Of what has been parsed: a board of 100,000 is read at each start. */
const idOf = ({ environment, header, formal, name }: StatementIdentity): ContentId =>
  contentId({ environment, header, formal, name });

/**
 * Parses, normalises and names a statement.
 * @throws ZodError where a field is missing, malformed or too large.
 */
export function makeStatement(input: z.input<typeof statementSchema>): Statement {
  const record = statementSchema.parse(input);
  return Object.freeze({ ...record, id: idOf(record) });
}
