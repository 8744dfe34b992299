import { hash } from 'node:crypto';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  contentIdSchema,
  decodeClaim,
  encodeClaim,
  InvalidRecordError,
  timestampSchema,
  type ClaimedProof,
  type ContentId,
} from '../../record/index.ts';

interface Place {
  readonly createdAt: number;
  readonly offset: number;
  readonly length: number;
}

/** Records that are kept at one time; further ones are not taken. */
const MAX_RECORDS = 100_000;
/** Of the file: nothing in it has been judged, so whoever signs can fill it. */
const MAX_BYTES = 256 * 1024 ** 2;
/** What of either is for any statement: the rest is left to those that this user or a curator has put up, which are fewer. */
const SHARE_OF_OTHERS = 1 / 2;
/** Above that of any record: a line that is longer was not written by this shelf. */
const MAX_LINE_BYTES = 8 * 1024 ** 2;

export interface ClaimedShelfLimits {
  readonly maxBytes: number;
}

/**
 * Proofs that peers claim and this node cannot judge: kept as they came, passed on, and never retrieved from. A file
 * that only grows, up to a limit, a line a record; what a crash cut short is passed over.
 */
export class ClaimedShelf {
  readonly #handle: FileHandle;
  readonly #places: Map<ContentId, Place>;
  readonly #maxBytes: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle, places: Map<ContentId, Place>, maxBytes: number) {
    this.#handle = handle;
    this.#places = places;
    this.#maxBytes = maxBytes;
  }

  static async open(
    directory: string,
    { maxBytes }: ClaimedShelfLimits = { maxBytes: MAX_BYTES },
  ): Promise<ClaimedShelf> {
    await mkdir(directory, { recursive: true });
    const handle = await open(path.join(directory, 'claimed.b64'), 'a+');
    try {
      const places = new Map<ContentId, Place>();
      for await (const { line, offset } of linesOf(handle)) {
        const key = keyOf(line);
        if (key !== undefined) places.set(key.id, { createdAt: key.createdAt, offset, length: line.length });
      }
      return new ClaimedShelf(handle, places, maxBytes);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get size(): number {
    return this.#places.size;
  }

  has(id: ContentId): boolean {
    return this.#places.has(id);
  }

  keys(): { id: ContentId; createdAt: number }[] {
    return [...this.#places].map(([id, { createdAt }]) => ({ id, createdAt }));
  }

  /** In the order in which they came. */
  async *all(): AsyncGenerator<ClaimedProof> {
    for (const id of [...this.#places.keys()]) {
      const claim = await this.read(id);
      if (claim !== undefined) yield claim;
    }
  }

  /** Undefined where it is not there, or where what stands in the file is not it any more. */
  async read(id: ContentId): Promise<ClaimedProof | undefined> {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    const buffer = Buffer.alloc(place.length);
    await this.#handle.read(buffer, 0, place.length, place.offset);
    return decode(buffer, id);
  }

  /**
   * @param chosen whether it is of a statement that this user or a curator has put up
   * @returns whether it is on the shelf, on disk; false where there is no room for it
   */
  add(claim: ClaimedProof, { chosen = true }: { readonly chosen?: boolean } = {}): Promise<boolean> {
    const write = this.#last.then(async () => {
      const { id, record } = claim.signed;
      if (this.#places.has(id)) return true;
      const line = Buffer.from(`\n${format(claim)}\n`);
      const share = chosen ? 1 : SHARE_OF_OTHERS;
      if (this.#places.size >= MAX_RECORDS * share) return false;
      // Where the line will be: what failed before may have left more behind than could be taken back.
      const { size } = await this.#handle.stat();
      if (size + line.length > this.#maxBytes * share) return false;
      try {
        await this.#handle.appendFile(line);
        await this.#handle.sync();
      } catch (error) {
        // A full disk takes a part of it.
        await this.#handle.truncate(size).catch(() => undefined);
        throw error;
      }
      this.#places.set(id, { createdAt: record.createdAt, offset: size + 1, length: line.length - 2 });
      return true;
    });
    this.#last = write.catch(() => undefined);
    return write;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle.close();
  }
}

const CHUNK_BYTES = 1024 ** 2;

/** The lines of a file with where they begin; one at a time in memory, those that are too long left out. */
async function* linesOf(handle: FileHandle): AsyncGenerator<{ line: Buffer; offset: number }> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let begun = Buffer.alloc(0);
  /** Where `begun` begins, whether or not all of it is kept. */
  let offset = 0;
  let isLong = false;
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let at = read.indexOf(0x0a); at >= 0; at = read.indexOf(0x0a, start)) {
      if (!isLong) yield { line: Buffer.concat([begun, read.subarray(start, at)]), offset };
      begun = Buffer.alloc(0);
      isLong = false;
      start = at + 1;
      offset = position + start;
    }
    isLong ||= begun.length + bytesRead - start > MAX_LINE_BYTES;
    begun = isLong ? Buffer.alloc(0) : Buffer.concat([begun, read.subarray(start)]);
    position += bytesRead;
  }
  if (!isLong && begun.length > 0) yield { line: begun, offset };
}

/** `ID CREATED-AT CHECKSUM BASE64`: what a start needs stands before what would have to be decoded. */
function format(claim: ClaimedProof): string {
  const { id, record } = claim.signed;
  const body = Buffer.from(encodeClaim(claim)).toString('base64');
  return `${id} ${record.createdAt} ${checksum(body)} ${body}`;
}

const checksum = (body: string): string => hash('sha256', body).slice(0, 32);

/** Undefined where the line is not whole. Signatures were checked when it was written. */
function keyOf(line: Buffer): { id: ContentId; createdAt: number } | undefined {
  const [id, createdAt, sum, body] = line.toString('latin1').split(' ');
  const key = keySchema.safeParse({ id, createdAt: Number(createdAt) });
  return key.success && body !== undefined && checksum(body) === sum ? key.data : undefined;
}

const keySchema = z.object({ id: contentIdSchema, createdAt: timestampSchema });

function decode(line: Buffer, id: ContentId): ClaimedProof | undefined {
  const body = line.toString('latin1').split(' ')[3] ?? '';
  if (body === '') return undefined;
  try {
    return decodeClaim(new Uint8Array(Buffer.from(body, 'base64')), id);
  } catch (error) {
    if (error instanceof InvalidRecordError) return undefined;
    throw error;
  }
}
