import type { Stream } from '@libp2p/interface';

/** The frames of our own protocols that come in over a stream, until it ends. */
export async function* framesIn(stream: Stream): AsyncGenerator<Uint8Array> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk.subarray()]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE()) {
      const end = 4 + bytes.readUInt32BE();
      yield new Uint8Array(bytes.subarray(4, end));
      bytes = bytes.subarray(end);
    }
  }
}

/** Resolves when the stream is over, whoever ended it. */
export const ended = (stream: Stream): Promise<void> =>
  stream.status === 'open'
    ? new Promise((resolve) => stream.addEventListener('close', () => resolve(), { once: true }))
    : Promise.resolve();
