/** Builds GGUF headers byte by byte, well-formed or not. */
export type Value =
  | { readonly u32: number }
  | { readonly u64: bigint }
  | { readonly f32: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly numbers: readonly number[] }
  /** A value type and its bytes, as they are. */
  | { readonly raw: Buffer; readonly type: number };

export interface Tensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly type: number;
  readonly offset: number;
}

export interface Gguf {
  readonly version?: number;
  readonly metadata?: readonly (readonly [string, Value])[];
  readonly tensors?: readonly Tensor[];
  /** What the header claims, where it lies. */
  readonly claims?: { readonly tensors?: bigint; readonly pairs?: bigint };
  /** Bytes of tensor data behind the header. */
  readonly dataBytes?: number;
}

export const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};

export const u64 = (value: number | bigint): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};

const f32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
};

export const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
};

function encode(value: Value): Buffer {
  if ('u32' in value) return Buffer.concat([u32(4), u32(value.u32)]);
  if ('u64' in value) return Buffer.concat([u32(10), u64(value.u64)]);
  if ('f32' in value) return Buffer.concat([u32(6), f32(value.f32)]);
  if ('bool' in value) return Buffer.concat([u32(7), Buffer.from([value.bool ? 1 : 0])]);
  if ('text' in value) return Buffer.concat([u32(8), text(value.text)]);
  if ('texts' in value) {
    return Buffer.concat([u32(9), u32(8), u64(value.texts.length), ...value.texts.map(text)]);
  }
  if ('numbers' in value) {
    return Buffer.concat([u32(9), u32(4), u64(value.numbers.length), ...value.numbers.map(u32)]);
  }
  return Buffer.concat([u32(value.type), value.raw]);
}

export function gguf({ version = 3, metadata = [], tensors = [], claims = {}, dataBytes = 0 }: Gguf): Buffer {
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(version),
    u64(claims.tensors ?? tensors.length),
    u64(claims.pairs ?? metadata.length),
    ...metadata.map(([key, value]) => Buffer.concat([text(key), encode(value)])),
    ...tensors.map(({ name, dimensions, type, offset }) =>
      Buffer.concat([text(name), u32(dimensions.length), ...dimensions.map(u64), u32(type), u64(offset)]),
    ),
  ]);
  if (dataBytes === 0) return header;
  return Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32), Buffer.alloc(dataBytes, 1)]);
}

const LAYERS = 2;
/** A row of 64 weights in blocks of Q8_0. */
const LAYER_BYTES = 64 * 68;

/** A model of the shape that real ones have, with two layers of 64 × 64 weights. */
export function tinyModel(more: readonly (readonly [string, Value])[] = []): Buffer {
  return gguf({
    metadata: [
      ['general.architecture', { text: 'qwen3' }],
      ['general.name', { text: 'Tiny Prover' }],
      ['general.license', { text: 'apache-2.0' }],
      ['general.file_type', { u32: 7 }],
      ['qwen3.context_length', { u32: 4096 }],
      ['qwen3.block_count', { u32: LAYERS }],
      ['qwen3.embedding_length', { u32: 64 }],
      ['qwen3.attention.head_count', { u32: 8 }],
      ['qwen3.attention.head_count_kv', { u32: 2 }],
      ['qwen3.attention.key_length', { u32: 8 }],
      ['qwen3.attention.value_length', { u32: 8 }],
      ['qwen3.rope.freq_base', { f32: 10000 }],
      ['tokenizer.ggml.add_bos_token', { bool: false }],
      ['tokenizer.ggml.tokens', { texts: Array.from({ length: 300 }, (_, i) => `token${i}`) }],
      ['tokenizer.chat_template', { text: '{% for message in messages %}{{ message.content }}{% endfor %}' }],
      ...more,
    ],
    tensors: [
      { name: 'token_embd.weight', dimensions: [64, 300], type: 1, offset: 0 },
      { name: 'blk.0.attn_q.weight', dimensions: [64, 64], type: 8, offset: 38_400 },
      { name: 'blk.1.attn_q.weight', dimensions: [64, 64], type: 8, offset: 38_400 + LAYER_BYTES },
    ],
    dataBytes: 38_400 + 2 * LAYER_BYTES,
  });
}
