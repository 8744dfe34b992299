import { z } from 'zod';
import { decodeMessage, encodeMessage } from '../wire/messages.ts';

/** Largest announcement, its gossip frame aside. */
export const MAX_ANNOUNCEMENT_BYTES = 1023;

const envelopeSchema = z.strictObject({
  version: z.literal(1),
  kind: z.string().min(1).max(16),
  /** When it was made, by the author's clock: milliseconds since 1970. */
  at: z.int().nonnegative(),
  /** Read by its kind's own schema. */
  body: z.unknown(),
});

/**
 * What is published. Who says it, and the nonce that makes it unlike any other, are in the gossip message around it,
 * which is signed: its `from` and its sequence number.
 */
export type Envelope = z.infer<typeof envelopeSchema>;

export const encodeEnvelope = (envelope: Envelope): Uint8Array => encodeMessage(envelope);
/** @throws ProtocolViolationError (malformed) */
export const decodeEnvelope = (bytes: Uint8Array): Envelope => decodeMessage(envelopeSchema, bytes);
