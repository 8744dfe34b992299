import type { FileHandle } from 'node:fs/promises';
import { shown } from './address.ts';
import { DiskSpaceError, DownloadFailedError } from './errors.ts';
import { reason, type Answer } from './request.ts';

export interface BodyOptions {
  /** Where the body's first byte belongs. */
  readonly offset: number;
  /** Length of the whole file. */
  readonly total: number;
  /** So many milliseconds without a byte end the attempt. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** Called with each piece once it is written. */
  readonly onChunk: (chunk: Uint8Array) => void;
}

/**
 * Writes a body to the file as it comes; the file is complete when this returns.
 * @throws DownloadFailedError where it ends too soon, goes on too long or comes to a halt; DiskSpaceError; the signal's
 * reason once aborted. What has arrived is in the file.
 */
export async function writeBody(
  { url, response }: Answer,
  file: FileHandle,
  { offset, total, stallMs, signal, onChunk }: BodyOptions,
): Promise<void> {
  const address = shown(url);
  let position = offset;
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  try {
    for (;;) {
      const chunk = await readChunk(reader, { address, stallMs, signal });
      if (chunk === undefined) break;
      if (position + chunk.length > total) {
        throw new DownloadFailedError(
          address,
          `the server sends more than the ${total} bytes that it announced`,
        );
      }
      await write(file, chunk, position, total);
      position += chunk.length;
      onChunk(chunk);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (position < total) {
    throw new DownloadFailedError(address, `the connection broke off after ${position} of ${total} bytes`, {
      passing: true,
    });
  }
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { address, stallMs, signal }: { address: string; stallMs: number; signal: AbortSignal },
): Promise<Uint8Array | undefined> {
  const stalled = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const detail = `nothing has arrived for ${Math.round(stallMs / 1000)} s`;
    stalled.reject(new DownloadFailedError(address, detail, { passing: true }));
  }, stallMs);
  const abort = (): void => stalled.reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const { done, value } = await Promise.race([reader.read(), stalled.promise]);
    return done ? undefined : value;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DownloadFailedError) throw error;
    throw new DownloadFailedError(address, `the connection broke off (${reason(error)})`, {
      passing: true,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function write(file: FileHandle, chunk: Uint8Array, position: number, total: number): Promise<void> {
  try {
    for (let at = 0; at < chunk.length;) {
      at += (await file.write(chunk, at, chunk.length - at, position + at)).bytesWritten;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new DiskSpaceError('the disk', total - position, 0);
    throw error;
  }
}
