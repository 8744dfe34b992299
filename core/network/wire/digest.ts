import { base32 } from 'multiformats/bases/base32';
import type { ContentId } from '../../record/index.ts';
import { DIGEST_BYTES } from './digest-bytes.ts';

/** Multicodec and multihash codes that stand before the digest in every content id: CIDv1, dag-cbor, sha2-256. */
const CID_PREFIX = Uint8Array.of(0x01, 0x71, 0x12, 0x20);

/** The sha2-256 digest inside a content id. */
export const digestOf = (id: ContentId): Uint8Array => base32.decode(id).subarray(CID_PREFIX.length);

/** The content id of a record with this digest. */
export function idOf(digest: Uint8Array): ContentId {
  const bytes = new Uint8Array(CID_PREFIX.length + DIGEST_BYTES);
  bytes.set(CID_PREFIX);
  bytes.set(digest, CID_PREFIX.length);
  return base32.encode(bytes);
}
