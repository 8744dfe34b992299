import { open } from 'node:fs/promises';
import { Cursor } from './cursor.ts';
import { UnreadableModelError } from './errors.ts';
import { readMetadata, type Metadata } from './metadata.ts';
import { MAX_LAYERS, readTensors, type Tensors } from './tensors.ts';
import { FILE_TYPES } from './types.ts';

/** What a GGUF file tells about the model in it, as far as it says. */
export interface ModelFacts {
  readonly version: number;
  /** llama.cpp's name of it, e.g. `qwen3`. */
  readonly architecture: string;
  readonly name: string | undefined;
  readonly licence: string | undefined;
  /** The mixture that the file is called by, e.g. `Q4_K_M`. */
  readonly quantisation: string;
  readonly parameters: number;
  /** Length of the file. */
  readonly bytes: number;
  /** Bytes of weights: what loading it takes. */
  readonly weightBytes: number;
  readonly layerBytes: readonly number[];
  /** Tokens that it was trained for. */
  readonly contextLength: number | undefined;
  readonly layers: number | undefined;
  readonly embeddingLength: number | undefined;
  readonly vocabulary: number | undefined;
  /** Numbers that a token keeps in the KV cache, all layers together, keys and values. */
  readonly cachedPerToken: number | undefined;
  readonly chatTemplate: string | undefined;
}

const MAGIC = 'GGUF';
const DEFAULT_ALIGNMENT = 32;
const MAX_ALIGNMENT = 1024 * 1024;
/** llama.cpp counts a context in 32 bits with a sign. */
const MAX_CONTEXT = 2 ** 31 - 1;

/**
 * Reads the header of a GGUF file, version 2 or 3, in time and memory bounded by what the file really holds.
 * @throws UnreadableModelError where it is no such file, is cut short or damaged; the system's errors where it cannot
 * be read; the signal's reason once aborted
 */
export async function readModelFacts(file: string, signal?: AbortSignal): Promise<ModelFacts> {
  const handle = await open(file, 'r');
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new UnreadableModelError(file, 'not-gguf', 'it is no file');
    const cursor = new Cursor(handle, file, stats.size, signal);
    const version = await readPreamble(cursor);
    const tensorCount = await cursor.u64('the number of tensors');
    const pairs = await cursor.u64('the number of metadata entries');
    const metadata = await readMetadata(cursor, pairs);
    const parts = numberOf(metadata, 'split.count') ?? 1;
    if (parts > 1) {
      cursor.fail(
        'split',
        `it is one of ${parts} parts; join them with llama.cpp's llama-gguf-split --merge`,
      );
    }
    const tensors = await readTensors(cursor, tensorCount, alignmentOf(cursor, metadata));
    return describe(cursor, { version, bytes: stats.size, metadata, tensors });
  } finally {
    await handle.close();
  }
}

async function readPreamble(cursor: Cursor): Promise<number> {
  const length = cursor.left;
  const magic = length < 4 ? '' : (await cursor.bytes(4)).toString('latin1');
  if (magic !== MAGIC) {
    cursor.fail('not-gguf', length === 0 ? 'it is empty' : 'it is no GGUF file');
  }
  const version = await cursor.u32();
  if (version === 2 || version === 3) return version;
  const swapped = version > 0 && version % 0x1000000 === 0;
  return cursor.fail(
    'unsupported',
    swapped
      ? 'it is a big-endian GGUF file, which is not supported'
      : `GGUF version ${version} is not supported`,
  );
}

function alignmentOf(cursor: Cursor, metadata: Metadata): number {
  const value = numberOf(metadata, 'general.alignment') ?? DEFAULT_ALIGNMENT;
  if (value < 1 || value > MAX_ALIGNMENT || !Number.isInteger(Math.log2(value))) {
    return cursor.fail('corrupt', `its alignment cannot be ${value}`);
  }
  return value;
}

function describe(
  cursor: Cursor,
  {
    version,
    bytes,
    metadata,
    tensors,
  }: { version: number; bytes: number; metadata: Metadata; tensors: Tensors },
): ModelFacts {
  const architecture = textOf(metadata, 'general.architecture');
  if (architecture === undefined)
    return cursor.fail('corrupt', 'it does not say which architecture it is of');
  const own = (key: string): number | undefined => numberOf(metadata, `${architecture}.${key}`);
  const tokens = metadata.get('tokenizer.ggml.tokens');
  const [contextLength, layers] = [own('context_length'), own('block_count')];
  // llama.cpp ends its process on such numbers instead of refusing them.
  if (contextLength === 0 || (contextLength ?? 0) > MAX_CONTEXT)
    return cursor.fail('corrupt', `its context cannot be ${contextLength} tokens`);
  if (layers === 0 || (layers ?? 0) > MAX_LAYERS)
    return cursor.fail('corrupt', `it cannot have ${layers} layers`);
  return {
    version,
    architecture,
    name: textOf(metadata, 'general.name'),
    licence: textOf(metadata, 'general.license'),
    quantisation: quantisationOf(metadata, tensors),
    parameters: tensors.parameters,
    bytes,
    weightBytes: tensors.bytes,
    layerBytes: tensors.layerBytes,
    contextLength,
    layers,
    embeddingLength: own('embedding_length'),
    vocabulary: lengthOf(tokens) ?? own('vocab_size'),
    cachedPerToken: cachedPerToken(metadata, architecture),
    chatTemplate: textOf(metadata, 'tokenizer.chat_template'),
  };
}

/** Key and value heads of every layer, times their lengths; the head count may differ from layer to layer. */
function cachedPerToken(metadata: Metadata, architecture: string): number | undefined {
  const own = (key: string): number | undefined => numberOf(metadata, `${architecture}.${key}`);
  const layers = own('block_count');
  const heads = own('attention.head_count');
  const embedding = own('embedding_length');
  const keyValueHeads = metadata.get(`${architecture}.attention.head_count_kv`);
  const usual = heads !== undefined && embedding !== undefined && heads > 0 ? embedding / heads : undefined;
  const keyLength = own('attention.key_length') ?? usual;
  const valueLength = own('attention.value_length') ?? usual;
  if (layers === undefined || keyLength === undefined || valueLength === undefined) return undefined;
  const numbers = Array.isArray(keyValueHeads) ? keyValueHeads.map(Number) : undefined;
  const each = typeof keyValueHeads === 'number' ? keyValueHeads : heads;
  const total = numbers?.reduce((sum, n) => sum + n, 0) ?? (each === undefined ? undefined : each * layers);
  const cached = total === undefined ? undefined : total * (keyLength + valueLength);
  return cached !== undefined && Number.isFinite(cached) && cached >= 0 ? cached : undefined;
}

function quantisationOf(metadata: Metadata, tensors: Tensors): string {
  const said = FILE_TYPES.get(numberOf(metadata, 'general.file_type') ?? -1);
  if (said !== undefined) return said;
  const [most] = [...tensors.types].toSorted(([, a], [, b]) => b - a);
  return most?.[0] ?? 'unknown';
}

function numberOf(metadata: Metadata, key: string): number | undefined {
  const value = metadata.get(key);
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function textOf(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function lengthOf(
  value: Metadata extends ReadonlyMap<string, infer V> ? V | undefined : never,
): number | undefined {
  if (typeof value !== 'object') return undefined;
  return 'items' in value ? value.items : value.length;
}
