import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ToolchainError } from './errors.ts';
import { request } from './request.ts';

export interface Download {
  readonly url: string;
  /** In bytes, where it is known beforehand: the server may then send nothing else. */
  readonly size: number | null;
  /** Where it is known beforehand. */
  readonly sha256: string | null;
  /** Where it is put; what has come so far lies beside it as `FILE.part`. */
  readonly file: string;
  /** More is never taken. */
  readonly maxBytes: number;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: { readonly received: number; readonly total: number | undefined }) => void;
  /** A server that sends nothing for so long is given up, and tried again. */
  readonly stallMs?: number;
  /** Tries in a row without a single new byte. */
  readonly attempts?: number;
  /** Before another try; doubled each time. */
  readonly pauseMs?: number;
}

/** A file and what is true of it. */
export interface Downloaded {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** Tells the file that a part belongs to, so that parts of two files are never put together. */
const noteSchema = z.strictObject({ url: z.string(), validator: z.string().optional() });
type Note = z.infer<typeof noteSchema>;

const STALL_MS = 30_000;
const ATTEMPTS = 5;
const PAUSE_MS = 1000;

/** The server's fault, or the line's: worth another try. */
class Interrupted extends Error {}

/**
 * Downloads a file, going on where an earlier try, or an earlier run, was cut off. Its size and digest are compared before
 * it gets its name; a file put together from parts that do not fit is fetched once more as a whole.
 * @throws ToolchainError where it cannot be got or is not the right file; the signal's reason where it is aborted
 */
export async function download(wanted: Download, options: DownloadOptions = {}): Promise<Downloaded> {
  const part = `${wanted.file}.part`;
  for (let whole = false; ; whole = true) {
    const inParts = (await sizeOf(part)) > 0;
    const tries = await fetchAll(wanted, part, options);
    const sha256 = await digest(part, options.signal);
    if (wanted.sha256 === null || sha256 === wanted.sha256) {
      const { size } = await stat(part);
      await rename(part, wanted.file);
      await rm(noteFile(part), { force: true });
      return { file: wanted.file, size, sha256 };
    }
    await discard(part);
    if (whole || (!inParts && tries === 1)) {
      throw new ToolchainError('checksum', `${wanted.url} is not the pinned file: its sha256 is ${sha256}`);
    }
  }
}

/** @returns how many tries it took */
async function fetchAll(wanted: Download, part: string, options: DownloadOptions): Promise<number> {
  const { signal, attempts = ATTEMPTS, pauseMs = PAUSE_MS } = options;
  let failures = 0;
  for (let tries = 1; ; tries++) {
    const before = await sizeOf(part);
    try {
      await fetchRest(wanted, part, options);
      return tries;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      failures = (await sizeOf(part)) > before ? 0 : failures + 1;
      if (failures >= attempts) {
        throw new ToolchainError('download', `${wanted.url}: ${error.message}`, { cause: error });
      }
      await sleep(pauseMs * 2 ** failures, undefined, { ...(signal ? { signal } : {}) }).catch(() => {});
      signal?.throwIfAborted();
    }
  }
}

async function fetchRest(wanted: Download, part: string, options: DownloadOptions): Promise<void> {
  const { signal, onProgress = () => {}, stallMs = STALL_MS } = options;
  const note = await readNote(part, wanted.url);
  let offset = note === undefined ? 0 : await sizeOf(part);
  if (wanted.size !== null && offset === wanted.size) return;
  if (offset > (wanted.size ?? wanted.maxBytes)) offset = 0;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (offset > 0) {
    headers['range'] = `bytes=${offset}-`;
    if (note?.validator !== undefined) headers['if-range'] = note.validator;
  }
  const stall = new AbortController();
  const timer = setTimeout(
    () => stall.abort(new Interrupted(`nothing came for ${stallMs / 1000} s`)),
    stallMs,
  );
  try {
    const either = AbortSignal.any([stall.signal, ...(signal ? [signal] : [])]);
    const response = await request(wanted.url, headers, either).catch(asInterrupted);
    const start = startOf(response, offset);
    const total = totalOf(response, start);
    if (wanted.size !== null && total !== undefined && total !== wanted.size) {
      await response.body?.cancel();
      throw new ToolchainError(
        'download',
        `${wanted.url}: the server has ${total} bytes, not the ${wanted.size} pinned`,
      );
    }
    const limit = wanted.size ?? Math.min(total ?? wanted.maxBytes, wanted.maxBytes);
    if (total !== undefined && total > wanted.maxBytes) throw tooLong(wanted, wanted.maxBytes);
    await writeNote(part, wanted.url, response);
    await using handle = await open(part, start === 0 ? 'w' : 'r+');
    let received = start;
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        timer.refresh();
        if (received + chunk.length > limit) throw tooLong(wanted, limit);
        await handle.write(chunk, 0, chunk.length, received);
        received += chunk.length;
        onProgress({ received, total: wanted.size ?? total });
      }
    } catch (error) {
      if (error instanceof ToolchainError) await discard(part);
      asInterrupted(error);
    }
    if (received < (wanted.size ?? total ?? 0)) throw new Interrupted('the connection was closed early');
  } catch (error) {
    if (stall.signal.aborted) throw stall.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function tooLong({ url }: Download, limit: number): ToolchainError {
  return new ToolchainError('download', `${url}: the server sends more than ${limit} bytes`);
}

/** Where the server's answer begins: 0 where it sends the whole file. */
function startOf(response: Response, offset: number): number {
  if (response.status === 200) return 0;
  const start = Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? NaN);
  if (response.status === 206 && start === offset) return start;
  throw new ToolchainError(
    'download',
    `${response.url}: the server answered with another part than was asked for`,
  );
}

function totalOf(response: Response, start: number): number | undefined {
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (range !== undefined) return Number(range);
  const length = response.headers.get('content-length');
  return length === null ? undefined : start + Number(length);
}

function asInterrupted(error: unknown): never {
  if (error instanceof ToolchainError || error instanceof Interrupted) throw error;
  const cause = (error as Error).cause;
  throw new Interrupted(cause instanceof Error ? cause.message : (error as Error).message, { cause: error });
}

async function digest(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { ...(signal ? { signal } : {}) });
  return hash.digest('hex');
}

const noteFile = (part: string): string => `${part}.json`;

async function readNote(part: string, url: string): Promise<Note | undefined> {
  try {
    const note = noteSchema.parse(JSON.parse(await readFile(noteFile(part), 'utf8')));
    return note.url === url ? note : undefined;
  } catch {
    return undefined;
  }
}

async function writeNote(part: string, url: string, response: Response): Promise<void> {
  const etag = response.headers.get('etag');
  // A weak validator does not promise the same bytes.
  const strong = etag !== null && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
  await writeFile(noteFile(part), JSON.stringify({ url, ...(strong === null ? {} : { validator: strong }) }));
}

async function discard(part: string): Promise<void> {
  await Promise.all([rm(part, { force: true }), rm(noteFile(part), { force: true })]);
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
