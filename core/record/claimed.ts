import { z } from 'zod';
import { decodeCanonical, encodeCanonical, type ContentId } from './canonical.ts';
import { InvalidRecordError } from './errors.ts';
import { decodeProof, encodeProof, type SignedProof } from './signed.ts';
import { makeStatement, statementIdentitySchema, type Statement } from './statement.ts';

/**
 * A proof that somebody else says holds. Ids and signatures are right; whether it is a proof, only this node's kernel
 * can say.
 */
export interface ClaimedProof {
  readonly signed: SignedProof;
  /** Identity fields only: metadata is not signed, so that whoever passes a record on could write anything into it. */
  readonly statement: Statement;
}

const NAME = 'claimed proof';
const envelopeSchema = z.strictObject({
  proof: z.instanceof(Uint8Array),
  statement: statementIdentitySchema,
});

/** Canonical dag-cbor of a signed proof together with the statement that it names; metadata is left out. */
export function encodeClaim(claim: ClaimedProof): Uint8Array {
  const { environment, header, formal, name } = claim.statement;
  return encodeCanonical({
    proof: encodeProof(claim.signed),
    statement: { environment, header, formal, name },
  });
}

/**
 * @param id where given, the id that the proof record must have
 * @throws InvalidRecordError unless all is canonical and well-formed, the signature holds and the statement is the
 *   record's
 */
export function decodeClaim(bytes: Uint8Array, id?: ContentId): ClaimedProof {
  const envelope = envelopeSchema.safeParse(decodeCanonical(bytes, NAME));
  if (!envelope.success) {
    throw new InvalidRecordError(NAME, 'malformed', z.prettifyError(envelope.error).slice(0, 1000));
  }
  const signed = decodeProof(envelope.data.proof, id);
  const statement = makeStatement(envelope.data.statement);
  if (statement.id !== signed.record.statement) {
    throw new InvalidRecordError(NAME, 'wrong-id', `expected statement ${signed.record.statement}`);
  }
  const claim: ClaimedProof = { signed, statement };
  // The schema normalises source texts: only the bytes of the normal form are this claim.
  if (!sameBytes(encodeClaim(claim), bytes)) {
    throw new InvalidRecordError(NAME, 'not-canonical', 'a source text is not in normal form');
  }
  return claim;
}

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, i) => byte === right[i]);
