/**
 * The memory of a Lean that has run its initialisers and loaded the libraries that nearly every check needs, kept beside the
 * prepared files. A process that starts from it is ready without the second of processor time that both take, and without what
 * they leave behind. It holds for the module and the glue that it was taken from, on any machine: addresses in WebAssembly's
 * memory, and the slots of its table, do not change from one process to the next.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Ref } from './objects.ts';
import type { LeanRuntime } from './runtime.ts';

/** Counts up when what is done before an image is taken changes. */
const GENERATION = 3;
/** WebAssembly's page. */
const BLOCK_BYTES = 65_536;
/** Ends on a block's border, so that blocks of zeros can be holes in the file. */
const HEADER_BYTES = BLOCK_BYTES;
const PART_BLOCKS = 64;
const NOTHING = Buffer.alloc(BLOCK_BYTES);
/** The module's own limit is 2 GB, and a fresh Lean takes a twentieth of that. */
export const MAX_IMAGE_BYTES = 512 * 1024 * 1024;

export const imageHeaderSchema = z.strictObject({
  generation: z.literal(GENERATION),
  /** Size of the memory. */
  bytes: z.int().positive().max(MAX_IMAGE_BYTES).multipleOf(BLOCK_BYTES),
  /** CRC-32 of the memory. */
  checksum: z.int().nonnegative(),
  /** Slots of the module's table: another number means another module. */
  tableLength: z.int().positive(),
  /** Where the stack lies, which is no part of the memory that is put back. */
  stackBase: z.int().positive(),
  /** The modules that are loaded. */
  imports: z.array(z.string().max(200)).max(20),
  /** Where their environment lies. */
  environment: z.int().positive(),
});
export type ImageHeader = z.infer<typeof imageHeaderSchema>;

/** A run of blocks that are not all zeros. */
export interface ImagePart {
  /** In bytes, of the memory. */
  readonly at: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where the image lies, below a prepared directory. */
export const imageFile = (directory: string): string => path.join(directory, 'memory-image.bin');

/** Where a part lies in the file. */
export const placeInFile = (at: number): number => HEADER_BYTES + at;

/** The file's beginning. It is written last: a file without it is none. */
export function encodeImageHeader(header: ImageHeader): Buffer {
  const block = Buffer.alloc(HEADER_BYTES, ' ');
  block.write(JSON.stringify(header));
  return block;
}

/**
 * Takes the image of a Lean that does nothing at the moment.
 * @param onPart gets copies
 */
export function takeImage(
  { memory, stack, tableLength }: LeanRuntime,
  { imports, environment }: { readonly imports: readonly string[]; readonly environment: Ref },
  onPart: (part: ImagePart) => void,
): ImageHeader {
  const bytes = memory.buffer.byteLength;
  let checksum = 0;
  for (let at = 0; at < bytes; at += PART_BLOCKS * BLOCK_BYTES) {
    const part = Buffer.from(
      new Uint8Array(memory.buffer, at, Math.min(PART_BLOCKS * BLOCK_BYTES, bytes - at)),
    );
    checksum = crc32(part, checksum);
    for (const run of runsOf(part)) {
      onPart({ at: at + run.from, bytes: new Uint8Array(part.subarray(run.from, run.to)) });
    }
  }
  return {
    generation: GENERATION,
    bytes,
    checksum,
    tableLength,
    stackBase: stack.base,
    imports: [...imports],
    environment,
  };
}

/** Runs of blocks with something in them. */
function runsOf(part: Buffer): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let from = 0; from < part.length; from += BLOCK_BYTES) {
    const to = from + BLOCK_BYTES;
    if (part.subarray(from, to).equals(NOTHING)) continue;
    const last = runs.at(-1);
    if (last?.to === from) last.to = to;
    else runs.push({ from, to });
  }
  return runs;
}

/** What stands in the file's header; undefined where there is no image, or one that this version does not take. */
export function readImageHeader(file: string): ImageHeader | undefined {
  return withFile(file, readHeader);
}

/**
 * Puts the image into a Lean that has not been initialised.
 * @returns what it holds; undefined where there is none, or it is not for this module. Where it turns out to be damaged this Lean is
 *   spoilt, which `spoilt` says.
 */
export function restoreImage(
  runtime: LeanRuntime,
  file: string,
): { readonly header: ImageHeader; readonly spoilt: boolean } | undefined {
  return withFile(file, (descriptor) => {
    const header = readHeader(descriptor);
    const { memory, stack, tableLength } = runtime;
    const missing = (header?.bytes ?? 0) - memory.buffer.byteLength;
    if (header?.tableLength !== tableLength || header.stackBase !== stack.base || missing < 0)
      return undefined;
    const fresh = memory.buffer.byteLength;
    memory.grow(missing / BLOCK_BYTES);
    return { header, spoilt: !fill(new Uint8Array(memory.buffer), descriptor, header, fresh) };
  });
}

/** @param fresh from here on the memory is zeros already @returns whether the image was whole */
function fill(
  memory: Uint8Array,
  descriptor: number,
  { bytes, checksum }: ImageHeader,
  fresh: number,
): boolean {
  const part = Buffer.alloc(PART_BLOCKS * BLOCK_BYTES);
  let found = 0;
  for (let at = 0; at < bytes; at += part.length) {
    const length = Math.min(part.length, bytes - at);
    if (!readWhole(descriptor, part.subarray(0, length), placeInFile(at))) return false;
    const read = part.subarray(0, length);
    found = crc32(read, found);
    for (let from = 0; from < length; from += BLOCK_BYTES) {
      const block = read.subarray(from, from + BLOCK_BYTES);
      // Pages that nothing is written to take no memory.
      if (at + from < fresh || !block.equals(NOTHING)) memory.set(block, at + from);
    }
  }
  return found === checksum;
}

function readHeader(descriptor: number): ImageHeader | undefined {
  const block = Buffer.alloc(HEADER_BYTES);
  if (!readWhole(descriptor, block, 0)) return undefined;
  try {
    return imageHeaderSchema.safeParse(JSON.parse(block.toString('utf8').trimEnd())).data;
  } catch {
    return undefined;
  }
}

/** What is beyond the file's end is missing. */
function readWhole(descriptor: number, into: Buffer, place: number): boolean {
  for (let have = 0; have < into.length;) {
    const read = readSync(descriptor, into, have, into.length - have, place + have);
    if (read === 0) return false;
    have += read;
  }
  return true;
}

function withFile<T>(file: string, use: (descriptor: number) => T): T | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
