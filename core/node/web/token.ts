import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret of 256 bits, fit for a URL. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

/** Takes as long for a wrong secret as for a right one, whatever its length. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
