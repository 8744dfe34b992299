import type { FileHandle } from 'node:fs/promises';
import { UnreadableModelError, type GgufDefect } from './errors.ts';

/** Metadata with vocabularies of a quarter of a million tokens takes some 20 MB. */
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** A name out of a file, fit for a message: short, and without characters that would steer a terminal. */
export function quoted(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return `"${shown.toWellFormed().replace(/\p{C}/gu, '\uFFFD')}"`;
}

/**
 * Reads a file front to back, never past its end and never more than a chunk ahead. What a length field in the file
 * claims is compared with what the file still holds before anything is reserved for it.
 */
export class Cursor {
  readonly #handle: FileHandle;
  readonly #file: string;
  readonly #size: number;
  readonly #signal: AbortSignal | undefined;
  #buffer = Buffer.alloc(0);
  /** Where in the file the buffer begins, and how much of it is used up. */
  #start = 0;
  #used = 0;

  constructor(handle: FileHandle, file: string, size: number, signal?: AbortSignal) {
    this.#handle = handle;
    this.#file = file;
    this.#size = size;
    this.#signal = signal;
  }

  get position(): number {
    return this.#start + this.#used;
  }

  /** Bytes behind the position. */
  get left(): number {
    return this.#size - this.position;
  }

  fail(defect: GgufDefect, detail: string): never {
    throw new UnreadableModelError(this.#file, defect, detail);
  }

  async u8(): Promise<number> {
    return (await this.#take(1)).readUInt8();
  }

  async u32(): Promise<number> {
    return (await this.#take(4)).readUInt32LE();
  }

  /** A number of bytes, items or places; none that a file can mean is above 2^53. */
  async u64(what: string): Promise<number> {
    const value = (await this.#take(8)).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      this.fail('corrupt', `${what} cannot be ${value.toString()}`);
    return Number(value);
  }

  /** At most `limit` bytes in a string of UTF-8. */
  async string(what: string, limit: number): Promise<string> {
    const length = await this.#length(what);
    if (length > limit) this.fail('corrupt', `${what} cannot be ${length} bytes long`);
    return (await this.#take(length)).toString('utf8');
  }

  /** A vocabulary has hundreds of thousands: what lies in the buffer is passed over without waiting. */
  async skipStrings(count: number, what: string): Promise<void> {
    for (let i = 0; i < count; i++) {
      const buffered = this.#buffer.length - this.#used;
      const length = buffered < 8 ? Infinity : Number(this.#buffer.readBigUInt64LE(this.#used));
      if (8 + length <= buffered) this.#used += 8 + length;
      else this.skip(await this.#length(what));
    }
  }

  async bytes(count: number): Promise<Buffer> {
    return Buffer.from(await this.#take(count));
  }

  skip(count: number): void {
    this.#mustHold(count);
    if (count <= this.#buffer.length - this.#used) {
      this.#used += count;
      return;
    }
    this.#start = this.position + count;
    this.#buffer = Buffer.alloc(0);
    this.#used = 0;
  }

  async #length(what: string): Promise<number> {
    const length = await this.u64(`the length of ${what}`);
    this.#mustHold(length, what);
    return length;
  }

  #mustHold(count: number, what = 'what its header promises'): void {
    if (count > this.left) this.fail('truncated', `the file ends before ${what}`);
    if (this.position + count > MAX_HEADER_BYTES) {
      this.fail('corrupt', `its header is longer than ${MAX_HEADER_BYTES / 1024 / 1024} MiB`);
    }
  }

  /** A view that holds until the next call. */
  async #take(count: number): Promise<Buffer> {
    this.#mustHold(count);
    if (this.#buffer.length - this.#used < count) await this.#fill(count);
    const view = this.#buffer.subarray(this.#used, this.#used + count);
    this.#used += count;
    return view;
  }

  async #fill(count: number): Promise<void> {
    this.#signal?.throwIfAborted();
    const start = this.position;
    const buffer = Buffer.alloc(Math.min(Math.max(count, CHUNK_BYTES), this.#size - start));
    for (let filled = 0; filled < buffer.length;) {
      const { bytesRead } = await this.#handle.read(buffer, filled, buffer.length - filled, start + filled);
      // It was longer when we looked: somebody is cutting it.
      if (bytesRead === 0) this.fail('truncated', 'the file became shorter while it was read');
      filled += bytesRead;
    }
    this.#buffer = buffer;
    this.#start = start;
    this.#used = 0;
  }
}
