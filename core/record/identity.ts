import { ed25519 } from '@noble/curves/ed25519.js';
import { base58btc } from 'multiformats/bases/base58';
import { z } from 'zod';
import { signEd25519, verifyEd25519 } from './ed25519.ts';

/** What precedes the 32 key bytes in a libp2p Ed25519 peer id: an identity multihash of the protobuf-coded key. */
const PEER_ID_PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20);
const KEY_LENGTH = 32;
/** Base58 characters of any such peer id; as the prefix is fixed, so is the length. */
const PEER_ID_LENGTH = 52;

/** A libp2p Ed25519 peer id (`12D3KooW…`). The public key is in it, so a signed record names its own key. */
export const peerIdSchema = z.string().max(64).refine(isPeerId, 'expected an Ed25519 peer id (12D3KooW…)');
export type PeerId = z.infer<typeof peerIdSchema>;

/** A signing identity. `secretKey` is the 32-byte Ed25519 seed. */
export interface Identity {
  readonly peer: PeerId;
  readonly secretKey: Uint8Array;
}

/** Makes an identity, new or from a stored 32-byte seed. */
export function createIdentity(seed?: Uint8Array): Identity {
  const { secretKey, publicKey } = ed25519.keygen(seed);
  return { peer: peerOfPublicKey(publicKey), secretKey };
}

/** The peer id of a 32-byte Ed25519 public key. */
export function peerOfPublicKey(publicKey: Uint8Array): PeerId {
  return base58btc.baseEncode(Uint8Array.of(...PEER_ID_PREFIX, ...publicKey));
}

/** The 32-byte Ed25519 public key inside a peer id, or undefined where the text is no such peer id. */
export function publicKeyOfPeer(peer: string): Uint8Array | undefined {
  // Before decoding, which takes quadratic time.
  if (peer.length !== PEER_ID_LENGTH) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = base58btc.baseDecode(peer);
  } catch {
    return undefined;
  }
  if (bytes.length !== PEER_ID_PREFIX.length + KEY_LENGTH) return undefined;
  if (PEER_ID_PREFIX.some((byte, i) => bytes[i] !== byte)) return undefined;
  return bytes.slice(PEER_ID_PREFIX.length);
}

/** Whether it is an Ed25519 peer id. libp2p has others, for RSA, secp256k1 and ECDSA keys, that nobody here signs with. */
export function isPeerId(text: string): boolean {
  return publicKeyOfPeer(text) !== undefined;
}

/** Signs `domain ‖ 0 ‖ bytes`; the domain keeps a signature made for one kind of record from serving another. */
export function sign(domain: string, bytes: Uint8Array, identity: Identity): Uint8Array {
  return signEd25519(withDomain(domain, bytes), identity.secretKey);
}

/** Verifies by RFC 8032's strict rule (no malleable encodings). False on anything malformed. */
export function verifySignature(
  domain: string,
  bytes: Uint8Array,
  signature: Uint8Array,
  peer: PeerId,
): boolean {
  const key = publicKeyOfPeer(peer);
  return key !== undefined && verifyEd25519(signature, withDomain(domain, bytes), key);
}

function withDomain(domain: string, bytes: Uint8Array): Uint8Array {
  const prefix = new TextEncoder().encode(`${domain}\0`);
  const message = new Uint8Array(prefix.length + bytes.length);
  message.set(prefix);
  message.set(bytes, prefix.length);
  return message;
}
