import { z } from 'zod';
import { bytesSchema, decodeMessage, encodeMessage } from '../wire/messages.ts';
import { idOf } from '../wire/digest.ts';
import { DIGEST_BYTES } from '../wire/digest-bytes.ts';

export const RECORDS_PROTOCOL = '/proofswarm/records/1';

/** Most records that one request may ask for. */
export const MAX_REQUESTED = 64;
/** Largest body that is passed on. A larger one stays where it was made. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Bytes of bodies after which an answer ends; what is left is asked for again. */
export const ANSWER_BUDGET_BYTES = 4 * 1024 * 1024;
/** Largest frame of an answer: one body and what stands around it. */
export const MAX_ANSWER_FRAME_BYTES = MAX_BODY_BYTES + 256;
export const MAX_REQUEST_BYTES = MAX_REQUESTED * (DIGEST_BYTES + 2) + 128;

const digestSchema = bytesSchema(DIGEST_BYTES);

const requestSchema = z.strictObject({
  /** What kind of body the digests are of: `proof`, or another that both sides know. */
  kind: z.string().min(1).max(32),
  digests: z
    .array(digestSchema)
    .min(1)
    .max(MAX_REQUESTED)
    .refine((digests) => new Set(digests.map(idOf)).size === digests.length, 'a digest twice'),
});

const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('body'),
    digest: digestSchema,
    body: bytesSchema(),
    /** Whether the sender's own kernel accepted the proof. */
    vouched: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('absent'),
    digests: z.array(digestSchema).min(1).max(MAX_REQUESTED),
    /** `too-large`: it is there, and cannot be passed on; damaged, it may be. */
    reason: z.enum(['unknown', 'too-large']),
  }),
]);

/** The body of a signed proof together with its statement. */
export const PROOF_KIND = 'proof';

export type RecordsRequest = z.infer<typeof requestSchema>;
export type RecordsAnswer = z.infer<typeof answerSchema>;

export const encodeRequest = (request: RecordsRequest): Uint8Array => encodeMessage(request);
export const encodeAnswer = (answer: RecordsAnswer): Uint8Array => encodeMessage(answer);
/** @throws ProtocolViolationError (malformed) */
export const decodeRequest = (bytes: Uint8Array): RecordsRequest => decodeMessage(requestSchema, bytes);
/** @throws ProtocolViolationError (malformed) */
export const decodeAnswer = (bytes: Uint8Array): RecordsAnswer => decodeMessage(answerSchema, bytes);
