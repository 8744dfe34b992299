import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { allowedAddress } from './address.ts';
import { ChecksumMismatchError, DownloadFailedError } from './errors.ts';
import { Partial, type PartialState } from './partial.ts';
import { Session } from './session.ts';
import type { Downloaded, DownloadOptions, DownloadRequest } from './types.ts';

const ATTEMPTS = 5;
const RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;
const STALL_MS = 60_000;
/** An attempt that brought so much was not in vain. */
const WORTHWHILE_BYTES = 1024 * 1024;

/**
 * Fetches a file into a directory: goes on where an earlier try ended, checks the sha256, and puts the file in place in
 * one step. What has arrived is kept when it is cancelled or fails, unless it turned out wrong.
 * @throws ForbiddenAddressError, DownloadFailedError, ChecksumMismatchError, DiskSpaceError, DownloadBusyError; what
 * `inspect` throws; the signal's reason once aborted
 */
export async function download(wanted: DownloadRequest, options: DownloadOptions = {}): Promise<Downloaded> {
  allowedAddress(wanted.url);
  options.signal?.throwIfAborted();
  await mkdir(wanted.directory, { recursive: true });
  const partial = await Partial.claim(wanted.directory, wanted.file);
  try {
    const { state, sha256 } = await fetchAll(partial, wanted, options);
    if (state.sha256 !== undefined && state.sha256 !== sha256) {
      await partial.clear();
      throw new ChecksumMismatchError(wanted.url, state.sha256, sha256);
    }
    await inspect(partial, options);
    const target = path.join(wanted.directory, wanted.file);
    await partial.finish(target);
    return { path: target, bytes: state.bytes, sha256, verified: state.sha256 !== undefined };
  } catch (error) {
    await partial.release();
    throw error;
  }
}

/** Tries until the file is complete, as long as tries bring something or attempts are left. */
async function fetchAll(
  partial: Partial,
  wanted: DownloadRequest,
  options: DownloadOptions,
): Promise<{ state: PartialState; sha256: string }> {
  const signal = options.signal ?? new AbortController().signal;
  const emit: NonNullable<DownloadOptions['onEvent']> = (event) => options.onEvent?.(event);
  const session = new Session({
    partial,
    url: wanted.url,
    directory: wanted.directory,
    expected: wanted.expected ?? {},
    stallMs: options.stallMs ?? STALL_MS,
    freeBytes: options.freeBytes,
    signal,
    emit,
  });
  for (let failures = 0; ;) {
    const before = await partial.length();
    try {
      return await session.attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DownloadFailedError) || !error.passing) throw error;
      failures = (await partial.length()) >= before + WORTHWHILE_BYTES ? 1 : failures + 1;
      if (failures >= (options.attempts ?? ATTEMPTS)) throw error;
      const wait = Math.min(MAX_RETRY_MS, (options.retryMs ?? RETRY_MS) * 2 ** (failures - 1));
      emit({ type: 'model-download:retrying', error, inSeconds: wait / 1000 });
      await pause(wait, signal);
    }
  }
}

async function inspect(partial: Partial, { inspect: look, signal }: DownloadOptions): Promise<void> {
  try {
    await look?.(partial.data);
  } catch (error) {
    // Cancelled, it was not found wanting.
    if (signal?.aborted !== true) await partial.clear();
    throw error;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const done = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => done.resolve(undefined), ms);
  const abort = (): void => done.reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await done.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
