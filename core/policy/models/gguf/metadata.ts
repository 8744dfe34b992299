import { quoted, type Cursor } from './cursor.ts';

export type Scalar = number | bigint | boolean | string;
/** An array too long to keep is known by its length only. */
export type MetadataValue = Scalar | readonly Scalar[] | { readonly items: number };
export type Metadata = ReadonlyMap<string, MetadataValue>;

const MAX_PAIRS = 100_000;
const MAX_KEY_BYTES = 65_535;
const MAX_STRING_BYTES = 4 * 1024 * 1024;
/** Longer arrays are vocabularies and the like. */
const KEPT_ITEMS = 1024;
const MAX_DEPTH = 4;

const STRING = 8;
const ARRAY = 9;

/** Value types of the format: bytes, and how to read them. */
const FIXED: ReadonlyMap<number, { bytes: number; read: (view: Buffer) => Scalar }> = new Map([
  [0, { bytes: 1, read: (view: Buffer) => view.readUInt8() }],
  [1, { bytes: 1, read: (view: Buffer) => view.readInt8() }],
  [2, { bytes: 2, read: (view: Buffer) => view.readUInt16LE() }],
  [3, { bytes: 2, read: (view: Buffer) => view.readInt16LE() }],
  [4, { bytes: 4, read: (view: Buffer) => view.readUInt32LE() }],
  [5, { bytes: 4, read: (view: Buffer) => view.readInt32LE() }],
  [6, { bytes: 4, read: (view: Buffer) => view.readFloatLE() }],
  [7, { bytes: 1, read: (view: Buffer) => view.readUInt8() !== 0 }],
  [10, { bytes: 8, read: (view: Buffer) => view.readBigUInt64LE() }],
  [11, { bytes: 8, read: (view: Buffer) => view.readBigInt64LE() }],
  [12, { bytes: 8, read: (view: Buffer) => view.readDoubleLE() }],
]);
/** An empty string is a length and nothing else; an empty array a type and a length. */
const LEAST_BYTES: ReadonlyMap<number, number> = new Map([
  [STRING, 8],
  [ARRAY, 12],
]);

/**
 * Reads the key-value pairs of a GGUF header.
 * @throws UnreadableModelError
 */
export async function readMetadata(cursor: Cursor, pairs: number): Promise<Metadata> {
  // A pair takes a key's length, a type and a byte at least.
  if (pairs > MAX_PAIRS || pairs * 13 > cursor.left) {
    cursor.fail('corrupt', `it cannot hold ${pairs} metadata entries`);
  }
  const metadata = new Map<string, MetadataValue>();
  for (let i = 0; i < pairs; i++) {
    const key = await cursor.string('a metadata key', MAX_KEY_BYTES);
    if (metadata.has(key)) cursor.fail('corrupt', `the metadata entry ${quoted(key)} is there twice`);
    metadata.set(key, await readValue(cursor, await cursor.u32(), key, 0));
  }
  return metadata;
}

async function readValue(cursor: Cursor, type: number, key: string, depth: number): Promise<MetadataValue> {
  if (type === STRING) return cursor.string(`the metadata entry ${quoted(key)}`, MAX_STRING_BYTES);
  if (type === ARRAY) return readArray(cursor, key, depth);
  const fixed = FIXED.get(type);
  if (fixed === undefined)
    return cursor.fail('corrupt', `the metadata entry ${quoted(key)} is of unknown type ${type}`);
  return fixed.read(await cursor.bytes(fixed.bytes));
}

async function readArray(cursor: Cursor, key: string, depth: number): Promise<MetadataValue> {
  const type = await cursor.u32();
  const count = await cursor.u64(`the length of the metadata entry ${quoted(key)}`);
  const fixed = FIXED.get(type);
  const least = fixed?.bytes ?? LEAST_BYTES.get(type);
  if (least === undefined)
    return cursor.fail('corrupt', `the metadata entry ${quoted(key)} is of unknown type ${type}`);
  if (count * least > cursor.left) {
    return cursor.fail(
      'truncated',
      `the file ends before the ${count} items of the metadata entry ${quoted(key)}`,
    );
  }
  if (fixed !== undefined) {
    if (count > KEPT_ITEMS) {
      cursor.skip(count * fixed.bytes);
      return { items: count };
    }
    const items: Scalar[] = [];
    for (let i = 0; i < count; i++) items.push(fixed.read(await cursor.bytes(fixed.bytes)));
    return items;
  }
  if (type === STRING) await cursor.skipStrings(count, `the metadata entry ${quoted(key)}`);
  else if (depth >= MAX_DEPTH)
    cursor.fail('corrupt', `the metadata entry ${quoted(key)} is nested too deeply`);
  else for (let i = 0; i < count; i++) await readArray(cursor, key, depth + 1);
  return { items: count };
}
