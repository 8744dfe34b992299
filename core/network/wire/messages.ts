import { z } from 'zod';
import { decodeCanonical, encodeCanonical, InvalidRecordError } from '../../record/index.ts';
import { ProtocolViolationError } from '../errors.ts';

/** A byte string, of exactly so many bytes where a length is given. */
export const bytesSchema = (length?: number) =>
  z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && (length === undefined || value.length === length),
    length === undefined ? 'expected bytes' : `expected ${length} bytes`,
  );

export const encodeMessage = (message: unknown): Uint8Array => encodeCanonical(message);

/**
 * Decodes canonical dag-cbor and parses it.
 * @throws ProtocolViolationError (malformed)
 */
export function decodeMessage<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  let value: unknown;
  try {
    value = decodeCanonical(bytes, 'message');
  } catch (error) {
    if (error instanceof InvalidRecordError) throw new ProtocolViolationError('malformed', error.message);
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    // Cut, as the message repeats the sender's field names.
    throw new ProtocolViolationError('malformed', z.prettifyError(parsed.error).slice(0, 300));
  }
  return parsed.data;
}
