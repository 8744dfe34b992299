import { z } from 'zod';
import { contentIdOfBytes, decodeCanonical, encodeCanonical, type ContentId } from './canonical.ts';
import { InvalidRecordError } from './errors.ts';
import { sign, verifySignature, type Identity, type PeerId } from './identity.ts';

const SIGNATURE_LENGTH = 64;

/** Milliseconds since 1970, UTC. */
export const timestampSchema = z.int().min(0).max(8_640_000_000_000_000);

/** A record with its id and the signature of the peer it names. */
export interface Signed<T> {
  readonly id: ContentId;
  readonly record: T;
  readonly signature: Uint8Array;
}

/** How one kind of signed record is made and read. */
export interface SignedCodec<T> {
  /**
   * Parses, normalises and signs a record.
   * @throws InvalidRecordError where the identity is not the peer that the record names, or the record is too long;
   *   ZodError where it is malformed
   */
  readonly sign: (record: T, identity: Identity) => Signed<T>;
  readonly encode: (signed: Signed<T>) => Uint8Array;
  /** @throws InvalidRecordError unless the bytes are canonical, well-formed, of that id (if given) and truly signed. */
  readonly decode: (bytes: Uint8Array, id?: ContentId) => Signed<T>;
}

export const signedCodec = <T>(kind: SignedKind<T>): SignedCodec<T> => ({
  sign: (record, identity) => signAs(kind, record, identity),
  encode: encodeSigned,
  decode: (bytes, id) => decodeSigned(kind, bytes, id),
});

/** What one kind of signed record needs: its schema, its signing domain, who signs, and how long it may be. */
export interface SignedKind<T> {
  readonly name: string;
  readonly domain: string;
  readonly schema: z.ZodType<T>;
  readonly signer: (record: T) => PeerId;
  /** Longest encoding, signature included, in bytes. */
  readonly maxBytes: number;
}

function signAs<T>(kind: SignedKind<T>, input: T, identity: Identity): Signed<T> {
  const record = kind.schema.parse(input);
  if (kind.signer(record) !== identity.peer) {
    throw new InvalidRecordError(kind.name, 'bad-signature', 'the signing identity is not the peer it names');
  }
  const body = encodeCanonical(record);
  const signed = { id: contentIdOfBytes(body), record, signature: sign(kind.domain, body, identity) };
  // What nobody would take must not be made.
  refuseTooLarge(kind, encodeSigned(signed));
  return signed;
}

function encodeSigned<T>(signed: Pick<Signed<T>, 'record' | 'signature'>): Uint8Array {
  return encodeCanonical({ record: signed.record, signature: signed.signature });
}

function decodeSigned<T>(kind: SignedKind<T>, bytes: Uint8Array, id?: ContentId): Signed<T> {
  refuseTooLarge(kind, bytes);
  const envelope = z
    .strictObject({
      record: kind.schema,
      signature: z.instanceof(Uint8Array).refine((s) => s.length === SIGNATURE_LENGTH, 'expected 64 bytes'),
    })
    .safeParse(decodeCanonical(bytes, kind.name));
  if (!envelope.success) {
    // Cut, as the message repeats the sender's field names.
    throw new InvalidRecordError(kind.name, 'malformed', z.prettifyError(envelope.error).slice(0, 1000));
  }
  const { record, signature } = envelope.data;
  // The schema normalises sources: bytes that hold another form of the text are not the record they decode to.
  if (!sameBytes(encodeSigned({ record, signature }), bytes)) {
    throw new InvalidRecordError(kind.name, 'not-canonical', 'a source text is not in normal form');
  }
  const body = encodeCanonical(record);
  const actual = contentIdOfBytes(body);
  if (id !== undefined && id !== actual) {
    throw new InvalidRecordError(kind.name, 'wrong-id', `expected ${id}, found ${actual}`);
  }
  if (!verifySignature(kind.domain, body, signature, kind.signer(record))) {
    throw new InvalidRecordError(kind.name, 'bad-signature', `not signed by ${kind.signer(record)}`);
  }
  return { id: actual, record, signature };
}

function refuseTooLarge<T>(kind: SignedKind<T>, bytes: Uint8Array): void {
  if (bytes.length <= kind.maxBytes) return;
  throw new InvalidRecordError(kind.name, 'too-large', `${bytes.length} bytes, at most ${kind.maxBytes}`);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
