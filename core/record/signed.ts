import { z } from 'zod';
import { contentIdSchema } from './canonical.ts';
import { peerIdSchema } from './identity.ts';
import { signedCodec, timestampSchema, type Signed } from './signed-kind.ts';
import { checkerSchema } from './verdict.ts';
import { MAX_SOURCE_LENGTH, sourceSchema, textSchema } from './text.ts';

/** Room for the source in UTF-8 and for the other fields. */
const MAX_ENCODED_BYTES = 4 * MAX_SOURCE_LENGTH + 16_384;

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

export type SignedProof = Signed<ProofRecord>;
export type SignedAttestation = Signed<Attestation>;

/** Signed by the finder. */
export const {
  sign: signProof,
  encode: encodeProof,
  decode: decodeProof,
} = signedCodec<ProofRecord>({
  name: 'proof record',
  domain: 'proofswarm/proof/1',
  schema: proofRecordSchema,
  signer: (record) => record.finder.peer,
  maxBytes: MAX_ENCODED_BYTES,
});

export const {
  sign: signAttestation,
  encode: encodeAttestation,
  decode: decodeAttestation,
} = signedCodec<Attestation>({
  name: 'attestation',
  domain: 'proofswarm/attestation/1',
  schema: attestationSchema,
  signer: (record) => record.peer,
  maxBytes: MAX_ENCODED_BYTES,
});
