import { hash } from 'node:crypto';
import { DIGEST_BYTES } from '../wire/digest-bytes.ts';

export const SHORT_ID_BYTES = 8;
export const SALT_BYTES = 16;

/**
 * Abbreviates digests within one session. Salted, so that nobody can make two records beforehand that look alike and
 * would hide each other from then on; where two do by chance, the next session's salt tells them apart.
 */
export class ShortIds {
  readonly #input: Buffer;

  constructor(salt: Uint8Array) {
    this.#input = Buffer.alloc(SALT_BYTES + DIGEST_BYTES);
    this.#input.set(salt);
  }

  of(digest: Uint8Array): Uint8Array {
    this.#input.set(digest, SALT_BYTES);
    return hash('sha256', this.#input, 'buffer').subarray(0, SHORT_ID_BYTES);
  }
}

/** A short id as a map's key. */
export const shortIdKey = (shortId: Uint8Array): string => Buffer.from(shortId).toString('latin1');
