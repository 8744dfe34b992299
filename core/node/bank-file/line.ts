import { z } from 'zod';
import {
  contentIdSchema,
  decodeClaim,
  describeInvalid,
  encodeClaim,
  InvalidRecordError,
  makeStatement,
  statementIdentitySchema,
  statementSchema,
  type ClaimedProof,
} from '../../record/index.ts';

/** Room for the longest record with the longest statement, as base64 of UTF-8, and what stands beside. */
export const MAX_LINE_BYTES = 20_000_000;

const aboutSchema = statementSchema.omit(
  Object.fromEntries(Object.keys(statementIdentitySchema.shape).map((field) => [field, true])) as Record<
    keyof typeof statementIdentitySchema.shape,
    true
  >,
);

const lineSchema = z.strictObject({
  /** The proof record's, so that what is there already is passed over without looking further. */
  id: contentIdSchema,
  /** For people. */
  name: z.string().max(1000),
  /** `encodeClaim`: the signed record with the statement that it names. */
  claim: z.base64(),
  /** What is known of the statement beside its identity; nobody has signed it. */
  about: aboutSchema.optional(),
});
export type BankLine = z.infer<typeof lineSchema>;

/** One record of a bank file, its line end included. */
export function formatBankLine({ signed, statement }: ClaimedProof): string {
  const { informal, source, topic, difficulty, tags } = statement;
  const about = aboutSchema.parse({ informal, source, topic, difficulty, tags });
  const line: BankLine = {
    id: signed.id,
    name: statement.name,
    claim: Buffer.from(encodeClaim({ signed, statement })).toString('base64'),
    ...(Object.values(about).some((value) => value !== undefined) ? { about } : {}),
  };
  return `${JSON.stringify(line)}\n`;
}

export type ReadLine<T> =
  { readonly kind: 'read'; readonly value: T } | { readonly kind: 'bad'; readonly detail: string };

/** The line's fields; what is in `claim` is not looked at. */
export function readBankLine(bytes: Buffer): ReadLine<BankLine> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { kind: 'bad', detail: 'no JSON; the line may have been cut short' };
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return { kind: 'bad', detail: describeInvalid(parsed.error).slice(0, 500) };
  return { kind: 'read', value: parsed.data };
}

/** The record that a line holds, its form, id and signature checked; whether it is a proof, only Lean can say. */
export function claimOf({ id, claim, about }: BankLine): ReadLine<ClaimedProof> {
  try {
    const { signed, statement } = decodeClaim(new Uint8Array(Buffer.from(claim, 'base64')), id);
    const { environment, header, formal, name } = statement;
    return {
      kind: 'read',
      value: { signed, statement: makeStatement({ environment, header, formal, name, ...about }) },
    };
  } catch (error) {
    if (!(error instanceof InvalidRecordError)) throw error;
    return { kind: 'bad', detail: error.message.slice(0, 500) };
  }
}
