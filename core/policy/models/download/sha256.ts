import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface HashOptions {
  readonly signal?: AbortSignal;
  /** Bytes taken in so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** @throws the system's errors; the signal's reason once aborted */
export async function updateFromFile(hash: Hash, file: string, options: HashOptions): Promise<void> {
  const { signal, onBytes } = options;
  const stream = createReadStream(file, { highWaterMark: 1024 * 1024, ...(signal ? { signal } : {}) });
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes?.(bytes);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** The sha256 of a file, in hexadecimal. */
export async function sha256Of(file: string, options: HashOptions = {}): Promise<string> {
  const hash = createHash('sha256');
  await updateFromFile(hash, file, options);
  return hash.digest('hex');
}
