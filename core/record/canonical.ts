import * as dagCbor from '@ipld/dag-cbor';
import { sha256 } from '@noble/hashes/sha2.js';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { z } from 'zod';
import { InvalidRecordError } from './errors.ts';
import { withoutByteOrderMark } from './text.ts';

const SHA2_256 = 0x12;

/** A CIDv1 (dag-cbor, sha2-256) in base32, e.g. `bafyrei…`: 59 characters. */
export const contentIdSchema = z
  .string()
  .regex(/^bafyrei[a-z2-7]{52}$/, 'expected a CIDv1 (dag-cbor, sha2-256, base32)');
export type ContentId = z.infer<typeof contentIdSchema>;

/**
 * Canonical dag-cbor: sorted keys, shortest integers. Keys whose value is undefined are left out, and so is a byte order mark
 * before a text: decoding loses it, so that what was encoded with it could never be read again.
 */
export function encodeCanonical(value: unknown): Uint8Array {
  return dagCbor.encode(encodable(value));
}

/** Decodes dag-cbor and refuses every encoding but the canonical one, so that a value has one byte string only. */
export function decodeCanonical(bytes: Uint8Array, record: string): unknown {
  let value: unknown;
  let again: Uint8Array;
  try {
    value = dagCbor.decode(bytes);
    // Inside too: encoding needs more stack than decoding, and nesting is the sender's choice.
    again = dagCbor.encode(value);
  } catch (error) {
    throw new InvalidRecordError(record, 'malformed', `not dag-cbor: ${(error as Error).message}`);
  }
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i])) {
    throw new InvalidRecordError(record, 'not-canonical', 'not the canonical dag-cbor encoding');
  }
  return value;
}

/** The content id of already encoded bytes. */
export function contentIdOfBytes(bytes: Uint8Array): ContentId {
  return CID.createV1(dagCbor.code, Digest.create(SHA2_256, sha256(bytes))).toString();
}

/** The content id of a value: the CID of its canonical encoding. */
export function contentId(value: unknown): ContentId {
  return contentIdOfBytes(encodeCanonical(value));
}

function encodable(value: unknown): unknown {
  if (typeof value === 'string') return withoutByteOrderMark(value);
  if (Array.isArray(value)) return value.map(encodable);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, encodable(field)]),
  );
}
