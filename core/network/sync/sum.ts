/**
 * Sums of digests modulo 2²⁵⁶ as eight 32-bit limbs, the low one first: what fingerprints are made of, since a sum can
 * be kept while records come and go. As in negentropy (https://logperiodic.com/rbsr.html).
 */
export type Sum = Uint32Array;

export const LIMBS = 8;

export const zeroSum = (): Sum => new Uint32Array(LIMBS);

/** `sum += other` */
export function addSum(sum: Sum, other: Sum): void {
  let carry = 0;
  for (let i = 0; i < LIMBS; i++) {
    const limb = (sum[i] ?? 0) + (other[i] ?? 0) + carry;
    sum[i] = limb;
    carry = limb > 0xffffffff ? 1 : 0;
  }
}

/** `sum -= other` */
export function subtractSum(sum: Sum, other: Sum): void {
  let borrow = 0;
  for (let i = 0; i < LIMBS; i++) {
    const limb = (sum[i] ?? 0) - (other[i] ?? 0) - borrow;
    sum[i] = limb;
    borrow = limb < 0 ? 1 : 0;
  }
}

/** `sum += digest`, the digest's first byte being the lowest. */
export function addDigest(sum: Sum, bytes: Uint8Array, offset: number): void {
  let carry = 0;
  for (let i = 0; i < LIMBS; i++) {
    const limb = (sum[i] ?? 0) + limbAt(bytes, offset + 4 * i) + carry;
    sum[i] = limb;
    carry = limb > 0xffffffff ? 1 : 0;
  }
}

/** `sum -= digest` */
export function subtractDigest(sum: Sum, bytes: Uint8Array, offset: number): void {
  let borrow = 0;
  for (let i = 0; i < LIMBS; i++) {
    const limb = (sum[i] ?? 0) - limbAt(bytes, offset + 4 * i) - borrow;
    sum[i] = limb;
    borrow = limb < 0 ? 1 : 0;
  }
}

function limbAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}
