import { RPC } from '@libp2p/gossipsub/message';
import type { PrivateKey } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { encodeEnvelope } from '../../../core/network/announce/envelope.ts';
import type { Identity, PeerId } from '../../../core/record/index.ts';

const SIGNED_PREFIX = new TextEncoder().encode('libp2p-pubsub:');
const keys = new Map<PeerId, Promise<PrivateKey>>();
let sequence = BigInt(Date.now()) * 1_000_000n;

/**
 * A gossip frame that publishes one message, as gossipsub writes it.
 * @param author who the message says it is from; the signer unless given
 */
export async function publication(
  signer: Identity,
  topic: string,
  data: Uint8Array,
  author: PeerId = signer.peer,
): Promise<Uint8Array> {
  const seqno = new Uint8Array(8);
  new DataView(seqno.buffer).setBigUint64(0, ++sequence);
  const message: RPC.Message = { from: peerIdFromString(author).toMultihash().bytes, data, seqno, topic };
  const known = keys.get(signer.peer) ?? generateKeyPairFromSeed('Ed25519', signer.secretKey);
  keys.set(signer.peer, known);
  const key = await known;
  const signature = await key.sign(Buffer.concat([SIGNED_PREFIX, RPC.Message.encode(message)]));
  return delimited(RPC.encode({ subscriptions: [], messages: [{ ...message, signature }] }));
}

/** An announcement as it is published, with any time on it. */
export const announcement = (kind: string, body: unknown, at = Date.now()): Uint8Array =>
  encodeEnvelope({ version: 1, kind, at, body });

/** With its length before it, as a protobuf varint. */
function delimited(bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...length, rest, ...bytes);
}
