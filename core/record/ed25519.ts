import { ed25519 } from '@noble/curves/ed25519.js';

/*
 * Ed25519 by the platform's own crypto where there is one (OpenSSL in Node, BoringSSL in Electron), which is ten times as
 * fast, and in JavaScript elsewhere. The platform checks `R = sB − kA` on the encoded R and refuses `s ≥ L`; it takes public
 * keys as they come, so that their form is checked here. What passes is thus what RFC 8032 allows at its strictest.
 */

type Key = object;
/** As much of `node:crypto` as is used, so that this compiles where Node's types are not. */
interface PlatformCrypto {
  createPublicKey(input: { key: Uint8Array; format: 'der'; type: 'spki' }): Key;
  createPrivateKey(input: { key: Uint8Array; format: 'der'; type: 'pkcs8' }): Key;
  sign(algorithm: null, data: Uint8Array, key: Key): Uint8Array;
  verify(algorithm: null, data: Uint8Array, key: Key, signature: Uint8Array): boolean;
}

const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
const platform = process?.getBuiltinModule?.('node:crypto') as PlatformCrypto | undefined;

/** What stands before the 32 bytes of a key in RFC 8410's encodings. */
const SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const SIGNATURE_LENGTH = 64;
const MAX_KEYS = 1024;

/** Public keys that were found sound, by the key's own bytes; the longest unused goes first. */
const publicKeys = new Map<string, Key>();
const privateKeys = new WeakMap<Uint8Array, Key>();

/** @param seed 32 bytes */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  if (platform === undefined) return ed25519.sign(message, seed);
  let key = privateKeys.get(seed);
  if (key === undefined) {
    key = platform.createPrivateKey({ key: joined(PKCS8, seed), format: 'der', type: 'pkcs8' });
    privateKeys.set(seed, key);
  }
  return new Uint8Array(platform.sign(null, message, key));
}

/**
 * Whether a signature is one of this 32-byte public key. Refuses malleable and non-canonical encodings, and keys of small
 * order, under which one signature fits many messages. False on anything malformed.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    if (signature.length !== SIGNATURE_LENGTH) return false;
    if (platform === undefined) return ed25519.verify(signature, message, publicKey, { zip215: false });
    return platform.verify(null, message, soundKey(platform, publicKey), signature);
  } catch {
    return false;
  }
}

/** @throws where the bytes are no canonical encoding of a point, or that of one of small order */
function soundKey(crypto: PlatformCrypto, publicKey: Uint8Array): Key {
  const name = String.fromCharCode(...publicKey);
  let key = publicKeys.get(name);
  if (key === undefined) {
    if (ed25519.Point.fromBytes(publicKey, false).isSmallOrder())
      throw new RangeError('a key of small order');
    key = crypto.createPublicKey({ key: joined(SPKI, publicKey), format: 'der', type: 'spki' });
  } else publicKeys.delete(name);
  publicKeys.set(name, key);
  const [oldest] = publicKeys.keys();
  if (publicKeys.size > MAX_KEYS && oldest !== undefined) publicKeys.delete(oldest);
  return key;
}

function joined(prefix: Uint8Array, key: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(prefix.length + key.length);
  bytes.set(prefix);
  bytes.set(key, prefix.length);
  return bytes;
}
