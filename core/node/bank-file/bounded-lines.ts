import { open } from 'node:fs/promises';
import { whyUnreadable } from '../../process/index.ts';
import { UnreadableBankFileError } from './errors.ts';

/** A line of a file; `bytes` is undefined where it is longer than allowed. */
export interface BoundedLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer | undefined;
  /** Where the next line begins: how much of the file has been read. */
  readonly end: number;
}

const LF = 0x0a;
const CHUNK_BYTES = 1024 * 1024;

/**
 * The lines of a file, of which never more than one and `maxBytes` are in memory. A last line without an end counts.
 * @throws UnreadableBankFileError, or the signal's reason
 */
export async function* boundedLines(
  file: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): AsyncGenerator<BoundedLine> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new UnreadableBankFileError(file, whyUnreadable(error), error);
  });
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let parts: Buffer[] = [];
    let length = 0;
    let number = 0;
    let end = 0;
    const take = (part: Buffer): void => {
      length += part.length;
      // What is too long is counted and let go.
      if (length > maxBytes) parts = [];
      else if (part.length > 0) parts.push(Buffer.from(part));
    };
    const line = (): BoundedLine => {
      const bytes = length > maxBytes ? undefined : Buffer.concat(parts, length);
      parts = [];
      length = 0;
      return { number: ++number, bytes, end };
    };
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      const read = chunk.subarray(0, bytesRead);
      let start = 0;
      for (let at = read.indexOf(LF); at >= 0; at = read.indexOf(LF, start)) {
        take(read.subarray(start, at));
        end += at + 1 - start;
        start = at + 1;
        signal.throwIfAborted();
        yield line();
      }
      take(read.subarray(start));
      end += bytesRead - start;
    }
    if (length > 0) yield line();
  } catch (error) {
    if (!('syscall' in (error as object))) throw error;
    throw new UnreadableBankFileError(file, whyUnreadable(error), error);
  } finally {
    await handle.close();
  }
}

/** Its length in bytes. @throws UnreadableBankFileError where it is not there or is no file */
export async function sizeOf(file: string): Promise<number> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new UnreadableBankFileError(file, whyUnreadable(error), error);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new UnreadableBankFileError(file, 'not a file');
    return stats.size;
  } finally {
    await handle.close();
  }
}
