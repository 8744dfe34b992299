import { hash } from 'node:crypto';
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
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

/**
 * Proofs that peers claim and this node cannot judge: kept as they came, passed on, and never retrieved from. A file
 * that only grows, a line a record; what a crash cut short is passed over.
 */
export class ClaimedShelf {
  readonly #handle: FileHandle;
  readonly #places: Map<ContentId, Place>;
  #end: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle, places: Map<ContentId, Place>, end: number) {
    this.#handle = handle;
    this.#places = places;
    this.#end = end;
  }

  static async open(directory: string): Promise<ClaimedShelf> {
    await mkdir(directory, { recursive: true });
    const file = path.join(directory, 'claimed.b64');
    const bytes = await readFile(file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    const places = new Map<ContentId, Place>();
    for (let offset = 0; offset < bytes.length;) {
      const found = bytes.indexOf(0x0a, offset);
      const end = found < 0 ? bytes.length : found;
      const line = bytes.subarray(offset, end);
      const key = keyOf(line);
      if (key !== undefined) places.set(key.id, { createdAt: key.createdAt, offset, length: end - offset });
      offset = end + 1;
    }
    return new ClaimedShelf(await open(file, 'a+'), places, bytes.length);
  }

  get size(): number {
    return this.#places.size;
  }

  get isFull(): boolean {
    return this.#places.size >= MAX_RECORDS;
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

  async read(id: ContentId): Promise<ClaimedProof | undefined> {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    const buffer = Buffer.alloc(place.length);
    await this.#handle.read(buffer, 0, place.length, place.offset);
    return decode(buffer);
  }

  /** On disk when it resolves. */
  add(claim: ClaimedProof): Promise<void> {
    const write = this.#last.then(async () => {
      const { id, record } = claim.signed;
      if (this.#places.has(id)) return;
      const line = Buffer.from(`\n${format(claim)}\n`);
      await this.#handle.appendFile(line);
      await this.#handle.sync();
      this.#places.set(id, { createdAt: record.createdAt, offset: this.#end + 1, length: line.length - 2 });
      this.#end += line.length;
    });
    this.#last = write.catch(() => undefined);
    return write;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle.close();
  }
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

function decode(line: Buffer): ClaimedProof | undefined {
  const body = line.toString('latin1').split(' ')[3] ?? '';
  if (body === '') return undefined;
  try {
    return decodeClaim(new Uint8Array(Buffer.from(body, 'base64')));
  } catch (error) {
    if (error instanceof InvalidRecordError) return undefined;
    throw error;
  }
}
