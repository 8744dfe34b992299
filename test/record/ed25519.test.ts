import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signEd25519, verifyEd25519 } from '../../core/record/ed25519.ts';

const { Point } = ed25519;
const ORDER = Point.CURVE().n;
const PRIME = Point.CURVE().p;
const seed = new Uint8Array(32).fill(9);
const { publicKey } = ed25519.keygen(seed);
const message = new TextEncoder().encode('what is signed');

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const little = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
const toInteger = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const strict = (signature: Uint8Array, of: Uint8Array, key: Uint8Array): boolean => {
  try {
    return ed25519.verify(signature, of, key, { zip215: false });
  } catch {
    return false;
  }
};

test('signs as RFC 8032 says, byte for byte (section 7.1, test 2)', () => {
  const rfc = hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const signature = signEd25519(Uint8Array.of(0x72), rfc);
  expect(Buffer.from(signature).toString('hex')).toBe(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  const key = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  expect(verifyEd25519(signature, Uint8Array.of(0x72), key)).toBe(true);
});

test('agrees with another implementation on signatures, right and damaged', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const damage = fc.option(fc.tuple(fc.nat(127), fc.integer({ min: 1, max: 255 })), { nil: undefined });
  fc.assert(
    fc.property(bytes, fc.uint8Array({ maxLength: 40 }), damage, (secret, text, change) => {
      const key = ed25519.getPublicKey(secret);
      const all = joined(signEd25519(text, secret), key, new Uint8Array(32));
      expect(all.slice(0, 64)).toEqual(ed25519.sign(text, secret));
      if (change !== undefined) all[change[0]] = (all[change[0]] ?? 0) ^ change[1];
      const [signature, of] = [all.slice(0, 64), all.slice(64, 96)];
      expect(verifyEd25519(signature, text, of)).toBe(strict(signature, text, of));
      if (change === undefined) expect(verifyEd25519(signature, text, of)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

describe('refuses', () => {
  const signature = signEd25519(message, seed);
  const [r, s] = [signature.slice(0, 32), toInteger(signature.slice(32))];

  test('the same signature with another s', () => {
    for (const times of [1n, 2n, 7n]) {
      expect(verifyEd25519(joined(r, little(s + times * ORDER)), message, publicKey)).toBe(false);
    }
  });

  test('keys of small order, in every encoding, under which a signature of nothing fits every message', () => {
    const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
    const small = Array.from({ length: 8 }, (_, i) =>
      i === 0 ? Point.ZERO : torsion.multiplyUnsafe(BigInt(i)),
    );
    const keys = small.map((point) => point.toBytes());
    // y + p, where that fits, and the wrong sign of x = 0.
    for (const y of [0n, 1n]) keys.push(little(y + PRIME), little((y + PRIME) | (1n << 255n)));
    keys.push(little(1n | (1n << 255n)), little((PRIME - 1n) | (1n << 255n)));
    for (const key of keys) {
      for (const first of small) {
        expect(verifyEd25519(joined(first.toBytes(), new Uint8Array(32)), message, key)).toBe(false);
      }
    }
  });

  test('a key of mixed order whose signature holds only times the cofactor', () => {
    const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
    const mixed = Point.fromBytes(publicKey).add(torsion).toBytes();
    const answers = Array.from({ length: 16 }, (_, n) => {
      // Some s that the signer can work out: it knows the discrete logarithm of the key's prime-order part.
      const text = Uint8Array.of(n);
      const made = forge(text, mixed);
      return { platform: verifyEd25519(made, text, mixed), cofactored: strict(made, text, mixed) };
    });
    expect(answers.every(({ cofactored }) => cofactored)).toBe(true);
    // By chance the torsion part vanishes for one message in eight.
    expect(answers.filter(({ platform }) => platform).length).toBeLessThan(answers.length);
  });

  test.each([0, 1, 63, 65, 128])('a signature of %i bytes', (length) => {
    expect(verifyEd25519(new Uint8Array(length), message, publicKey)).toBe(false);
  });

  test.each([0, 31, 33])('a key of %i bytes', (length) => {
    expect(verifyEd25519(signature, message, new Uint8Array(length))).toBe(false);
  });
});

/** Signs under a key that is the seed's plus a point of small order. */
function forge(text: Uint8Array, key: Uint8Array): Uint8Array {
  const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
  const nonce = 12_345_678_901_234_567_890n;
  const first = Point.BASE.multiply(nonce).toBytes();
  const digest = toInteger(sha512(joined(first, key, text))) % ORDER;
  return joined(first, little((nonce + digest * scalar) % ORDER));
}
