import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { scratchFile } from './add-file.ts';
import {
  encodeImageHeader,
  imageFile,
  imageHeaderSchema,
  MAX_IMAGE_BYTES,
  placeInFile,
} from './memory-image.ts';
import type { PreparedLean } from './prepare.ts';

/**
 * Writes the image of a Lean's memory as it comes, and adds it to the prepared directory when it is whole. A cache that cannot be
 * written to, or a disk that is full, is no reason to stop: there is no image then.
 */
export class ImageWriter implements AsyncDisposable {
  readonly #prepared: PreparedLean;
  readonly #scratch: string;
  #handle: Promise<FileHandle> | undefined;
  /** All writes so far, one after another. */
  #writes: Promise<unknown> = Promise.resolve();

  constructor(prepared: PreparedLean) {
    this.#prepared = prepared;
    this.#scratch = scratchFile(prepared);
  }

  /** Takes a part of the memory. */
  add({ at, bytes }: { readonly at: number; readonly bytes: Uint8Array }): void {
    this.#then(async (handle) => {
      if (at + bytes.length > MAX_IMAGE_BYTES)
        throw new RangeError(`no image has ${at + bytes.length} bytes`);
      await handle.write(bytes, 0, bytes.length, placeInFile(at));
    });
  }

  /** There are no more parts. */
  finish(described: unknown): void {
    this.#then(async (handle) => {
      const header = imageHeaderSchema.parse(described);
      // What was all zeros was not sent.
      await handle.truncate(placeInFile(header.bytes));
      await handle.write(encodeImageHeader(header), 0, undefined, 0);
      await handle.close();
      await rename(this.#scratch, imageFile(this.#prepared.directory));
    });
  }

  /** Resolves when all that came has been written, or has failed to be. */
  async finished(): Promise<void> {
    await this.#writes.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finished();
    await this.#handle?.then((handle) => handle.close()).catch(() => {});
    await rm(this.#scratch, { force: true }).catch(() => {});
  }

  #then(write: (handle: FileHandle) => Promise<void>): void {
    const handle = (this.#handle ??= open(this.#scratch, 'w'));
    this.#writes = this.#writes.then(async () => write(await handle));
    // Told by `finished`; until then nobody waits for it.
    this.#writes.catch(() => {});
  }
}
