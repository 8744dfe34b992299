import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { bytesSchema, decodeMessage, encodeMessage } from '../wire/messages.ts';
import { SALT_BYTES } from './short-id.ts';

/** What each side says before its first turn. */
export interface Hello {
  /** Records that the sender holds; for showing progress. */
  readonly records: number;
  /** The sender's clock, in milliseconds since 1970. */
  readonly now: number;
  /** Salts the session's short ids. Only the initiator's counts. */
  readonly salt: Uint8Array;
}

export const MAX_HELLO_BYTES = 128;

const helloSchema = z.strictObject({
  version: z.literal(1),
  records: z.int().nonnegative(),
  now: z.int().nonnegative(),
  salt: bytesSchema(SALT_BYTES),
});

export const newSalt = (): Uint8Array => new Uint8Array(randomBytes(SALT_BYTES));
export const encodeHello = (hello: Hello): Uint8Array => encodeMessage({ version: 1, ...hello });
/** @throws ProtocolViolationError (malformed) */
export const decodeHello = (bytes: Uint8Array): Hello => decodeMessage(helloSchema, bytes);
