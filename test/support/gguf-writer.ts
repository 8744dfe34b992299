/**
 * A GGUF 3 file, as https://github.com/ggml-org/ggml/blob/master/docs/gguf.md describes it: key-value pairs, then a table
 * of tensors, then their data, aligned to 32 bytes.
 */
export class GgufWriter {
  readonly #pairs: Buffer[] = [];
  readonly #tensors: { name: string; shape: number[]; type: number; data: Buffer }[] = [];
  #random: number;

  constructor(seed: number) {
    this.#random = seed | 1;
  }

  uint32(key: string, value: number): void {
    this.#pair(key, TYPE.uint32, u32(value));
  }

  float32(key: string, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.#pair(key, TYPE.float32, bytes);
  }

  bool(key: string, value: boolean): void {
    this.#pair(key, TYPE.bool, Buffer.from([value ? 1 : 0]));
  }

  string(key: string, value: string): void {
    this.#pair(key, TYPE.string, text(value));
  }

  strings(key: string, values: readonly string[]): void {
    this.#pair(
      key,
      TYPE.array,
      Buffer.concat([u32(TYPE.string), u64(values.length), ...values.map((value) => text(value))]),
    );
  }

  int32s(key: string, values: readonly number[]): void {
    this.#pair(
      key,
      TYPE.array,
      Buffer.concat([u32(TYPE.int32), u64(values.length), ...values.map((value) => u32(value))]),
    );
  }

  /** A vector of ones, as the weights of a norm start. */
  ones(name: string, length: number): void {
    this.#tensors.push({
      name,
      shape: [length],
      type: 0,
      data: Buffer.from(new Float32Array(length).fill(1).buffer),
    });
  }

  /** Normally distributed, with mean 0; zero from the given row on. */
  float16Matrix(name: string, from: number, to: number, deviation: number, zeroFrom = to): void {
    // Drawn from a table: fifty million weights take half a second.
    const table = Uint16Array.from(NORMAL_TABLE, (value) => toFloat16(value * deviation));
    const weights = new Uint16Array(from * to);
    let random = this.#random;
    for (let i = 0; i < weights.length; i++) {
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      weights[i] = table[(random >>> 8) % table.length] ?? 0;
    }
    weights.fill(0, zeroFrom * from);
    this.#random = random;
    this.#tensors.push({ name, shape: [from, to], type: 1, data: Buffer.from(weights.buffer) });
  }

  finish(): Uint8Array {
    let offset = 0;
    const infos: Buffer[] = [];
    const data: Buffer[] = [];
    for (const tensor of this.#tensors) {
      infos.push(
        text(tensor.name),
        u32(tensor.shape.length),
        ...tensor.shape.map((size) => u64(size)),
        u32(tensor.type),
        u64(offset),
      );
      const padded = align(tensor.data);
      data.push(padded);
      offset += padded.length;
    }
    const head = Buffer.concat([
      Buffer.from('GGUF'),
      u32(3),
      u64(this.#tensors.length),
      u64(this.#pairs.length),
      ...this.#pairs,
      ...infos,
    ]);
    return Buffer.concat([align(head), ...data]);
  }

  #pair(key: string, type: number, value: Buffer): void {
    this.#pairs.push(Buffer.concat([text(key), u32(type), value]));
  }
}

const TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;
const ALIGNMENT = 32;

const align = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

/** Quantiles of the normal distribution, by bisection of its approximated integral. */
const NORMAL_TABLE = Array.from({ length: 1024 }, (_, i) => quantile((i + 0.5) / 1024));

function quantile(share: number): number {
  let [low, high] = [-5, 5];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    // The logistic approximation is within 0.01 of the normal distribution.
    if (1 / (1 + Math.exp(-1.5976 * middle - 0.07056 * middle ** 3)) < share) low = middle;
    else high = middle;
  }
  return low;
}

/** IEEE 754 half precision, for finite values below its largest. */
function toFloat16(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}
