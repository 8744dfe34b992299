import { z } from 'zod';
import {
  contentIdOfBytes,
  contentIdSchema,
  decodeCanonical,
  encodeCanonical,
  type ContentId,
} from './canonical.ts';
import { InvalidRecordError } from './errors.ts';
import { peerIdSchema, sign, verifySignature, type Identity, type PeerId } from './identity.ts';
import { checkerSchema } from './verdict.ts';
import { MAX_SOURCE_LENGTH, sourceSchema, textSchema } from './text.ts';

/** Room for the source in UTF-8 and for the other fields. */
const MAX_ENCODED_BYTES = 4 * MAX_SOURCE_LENGTH + 16_384;
const SIGNATURE_LENGTH = 64;

/** Milliseconds since 1970, UTC. */
const timestampSchema = z.int().min(0).max(8_640_000_000_000_000);

/** Who found a proof, and how. */
export const finderSchema = z.strictObject({
  peer: peerIdSchema,
  policy: textSchema(100).min(1),
  model: textSchema(200).optional(),
  /** Rounds of the rollout that found it, the winning one included. */
  rounds: z.int().min(1).max(1_000_000),
});

/** A proof of a statement as it is published: immutable, content-addressed, signed. */
export const proofRecordSchema = z.strictObject({
  statement: contentIdSchema,
  /** Complete Lean source that elaborates in the statement's environment. */
  submission: sourceSchema,
  checker: checkerSchema,
  finder: finderSchema,
  createdAt: timestampSchema,
  licence: z.literal('Apache-2.0'),
});
export type ProofRecord = z.infer<typeof proofRecordSchema>;

/** "This peer re-checked that record with that checker." */
export const attestationSchema = z.strictObject({
  record: contentIdSchema,
  checker: checkerSchema,
  peer: peerIdSchema,
  createdAt: timestampSchema,
});
export type Attestation = z.infer<typeof attestationSchema>;

/** A record with its id and the signature of the peer it names. */
export interface Signed<T> {
  readonly id: ContentId;
  readonly record: T;
  readonly signature: Uint8Array;
}
export type SignedProof = Signed<ProofRecord>;
export type SignedAttestation = Signed<Attestation>;

/** What one kind of signed record needs: its schema, its signing domain, and who signs. */
interface Kind<T> {
  readonly name: string;
  readonly domain: string;
  readonly schema: z.ZodType<T>;
  readonly signer: (record: T) => PeerId;
}

const PROOF: Kind<ProofRecord> = {
  name: 'proof record',
  domain: 'proofswarm/proof/1',
  schema: proofRecordSchema,
  signer: (record) => record.finder.peer,
};

const ATTESTATION: Kind<Attestation> = {
  name: 'attestation',
  domain: 'proofswarm/attestation/1',
  schema: attestationSchema,
  signer: (record) => record.peer,
};

/** Signs a proof record; `identity` must be the finder. */
export const signProof = (record: ProofRecord, identity: Identity): SignedProof =>
  signAs(PROOF, record, identity);
export const encodeProof = (signed: SignedProof): Uint8Array => encodeSigned(signed);
/** @throws InvalidRecordError unless the bytes are canonical, well-formed, of that id (if given) and truly signed. */
export const decodeProof = (bytes: Uint8Array, id?: ContentId): SignedProof => decodeSigned(PROOF, bytes, id);

export const signAttestation = (record: Attestation, identity: Identity): SignedAttestation =>
  signAs(ATTESTATION, record, identity);
export const encodeAttestation = (signed: SignedAttestation): Uint8Array => encodeSigned(signed);
/** @throws InvalidRecordError unless the bytes are canonical, well-formed, of that id (if given) and truly signed. */
export const decodeAttestation = (bytes: Uint8Array, id?: ContentId): SignedAttestation =>
  decodeSigned(ATTESTATION, bytes, id);

function signAs<T>(kind: Kind<T>, input: T, identity: Identity): Signed<T> {
  const record = kind.schema.parse(input);
  if (kind.signer(record) !== identity.peer) {
    throw new InvalidRecordError(kind.name, 'bad-signature', 'the signing identity is not the peer it names');
  }
  const body = encodeCanonical(record);
  return { id: contentIdOfBytes(body), record, signature: sign(kind.domain, body, identity) };
}

function encodeSigned<T>(signed: Pick<Signed<T>, 'record' | 'signature'>): Uint8Array {
  return encodeCanonical({ record: signed.record, signature: signed.signature });
}

function decodeSigned<T>(kind: Kind<T>, bytes: Uint8Array, id: ContentId | undefined): Signed<T> {
  if (bytes.length > MAX_ENCODED_BYTES) {
    throw new InvalidRecordError(
      kind.name,
      'too-large',
      `${bytes.length} bytes, at most ${MAX_ENCODED_BYTES}`,
    );
  }
  const envelope = z
    .strictObject({
      record: kind.schema,
      signature: z.instanceof(Uint8Array).refine((s) => s.length === SIGNATURE_LENGTH, 'expected 64 bytes'),
    })
    .safeParse(decodeCanonical(bytes, kind.name));
  if (!envelope.success) {
    // Cut, as the message repeats the sender's field names.
    throw new InvalidRecordError(kind.name, 'malformed', z.prettifyError(envelope.error).slice(0, 1000));
  }
  const { record, signature } = envelope.data;
  // The schema normalises sources: bytes that hold another form of the text are not the record they decode to.
  if (!sameBytes(encodeSigned({ record, signature }), bytes)) {
    throw new InvalidRecordError(kind.name, 'not-canonical', 'a source text is not in normal form');
  }
  const body = encodeCanonical(record);
  const actual = contentIdOfBytes(body);
  if (id !== undefined && id !== actual) {
    throw new InvalidRecordError(kind.name, 'wrong-id', `expected ${id}, found ${actual}`);
  }
  if (!verifySignature(kind.domain, body, signature, kind.signer(record))) {
    throw new InvalidRecordError(kind.name, 'bad-signature', `not signed by ${kind.signer(record)}`);
  }
  return { id: actual, record, signature };
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
