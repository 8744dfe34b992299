import { DIGEST_BYTES } from '../../wire/digest-bytes.ts';
import type { SetKey } from '../key.ts';

/** Record keys as threads hand them to each other: all times, then all digests; 40 bytes a key. */
export type PackedKeys = ArrayBuffer;

const TIME_BYTES = Float64Array.BYTES_PER_ELEMENT;

export function packKeys(keys: readonly SetKey[]): PackedKeys {
  const packed = new ArrayBuffer(keys.length * (TIME_BYTES + DIGEST_BYTES));
  const { times, digests } = viewsOf(packed);
  keys.forEach(({ time, digest }, i) => {
    times[i] = time;
    digests.set(digest, i * DIGEST_BYTES);
  });
  return packed;
}

/** Each key is a copy: who keeps one does not keep all of them. */
export function* unpackKeys(packed: PackedKeys): Generator<SetKey> {
  const { times, digests } = viewsOf(packed);
  for (const [i, time] of times.entries()) {
    yield { time, digest: digests.slice(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES) };
  }
}

export function packDigests(digests: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(digests.length * DIGEST_BYTES);
  digests.forEach((digest, i) => packed.set(digest, i * DIGEST_BYTES));
  return packed;
}

export const unpackDigests = (packed: Uint8Array): Uint8Array[] =>
  Array.from({ length: packed.length / DIGEST_BYTES }, (_, i) =>
    packed.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES),
  );

function viewsOf(packed: PackedKeys): { times: Float64Array; digests: Uint8Array } {
  const count = packed.byteLength / (TIME_BYTES + DIGEST_BYTES);
  return { times: new Float64Array(packed, 0, count), digests: new Uint8Array(packed, count * TIME_BYTES) };
}
