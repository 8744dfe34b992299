import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GgufWriter } from './gguf-writer.ts';
import { TEST_CACHE } from './paths.ts';

/** A llama model with random weights. What it says means nothing; how it is run is real. */
export interface TinyModel {
  readonly name: string;
  readonly seed: number;
  readonly embedding: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly feedForward: number;
  readonly contextLength: number;
  /** Jinja; null for none. */
  readonly template: string | null;
  /** Standard deviation of the logits: the higher, the surer of itself. */
  readonly sharpness: number;
  /** Hardly ever says a special token, so that its replies do not end by themselves. */
  readonly endless: boolean;
}

export const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
/** As the reasoning models have it: the reply starts inside the thinking text. */
export const CHATML_THINKING = CHATML.replace(
  "assistant\\n' }}{% endif %}",
  "assistant\\n<think>\\n' }}{% endif %}",
);

/** Half a megabyte. */
export const TINY: TinyModel = {
  name: 'proofswarm tiny',
  seed: 1,
  embedding: 128,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  feedForward: 128,
  contextLength: 4096,
  template: CHATML,
  sharpness: 2,
  endless: false,
};
/** A hundred megabytes: as much arithmetic a token as a small real model has. */
export const HUNDRED_MB: TinyModel = {
  ...TINY,
  name: 'proofswarm 100 MB',
  embedding: 768,
  layers: 8,
  heads: 12,
  keyValueHeads: 4,
  feedForward: 2048,
};

const NORMAL = 1;
const CONTROL = 3;
const USER_DEFINED = 4;
/** After the 256 bytes. */
const SPECIAL_TOKENS = [
  ['<s>', CONTROL],
  ['</s>', CONTROL],
  ['<|im_start|>', CONTROL],
  ['<|im_end|>', CONTROL],
  ['<think>', USER_DEFINED],
  ['</think>', USER_DEFINED],
] as const;
const [BOS, EOS, , EOT] = [256, 257, 258, 259] as const;
const VOCABULARY_SIZE = 256 + SPECIAL_TOKENS.length;

/** Writes the model's file once, and says where it is. */
export function tinyGguf(model: Partial<TinyModel> = {}): string {
  const full = { ...TINY, ...model };
  const key = createHash('sha256')
    .update(JSON.stringify([3, full]))
    .digest('hex')
    .slice(0, 16);
  const file = path.join(TEST_CACHE, 'gguf', `${key}.gguf`);
  if (!existsSync(file)) writeWhole(file, ggufOf(full));
  return file;
}

/** Without its second half, as a broken download leaves it. */
export function truncatedGguf(): string {
  const whole = readFileSync(tinyGguf());
  const file = path.join(TEST_CACHE, 'gguf', 'truncated.gguf');
  writeWhole(file, whole);
  truncateSync(file, whole.length >> 1);
  return file;
}

/** Of the right length, with 64 bytes overwritten from the given offset, or from where the text stands. */
export function corruptGguf(place: number | string): string {
  const bytes = readFileSync(tinyGguf());
  const offset = typeof place === 'number' ? place : bytes.indexOf(place);
  if (offset < 0) throw new RangeError(`no ${place} in the file`);
  bytes.fill(0xff, offset, offset + 64);
  const file = path.join(TEST_CACHE, 'gguf', `corrupt-${offset}.gguf`);
  writeWhole(file, bytes);
  return file;
}

/** With the 32 bits of a metadata entry replaced, or its name by another of the same length. */
export function changedGguf(key: string, change: number | string): string {
  const bytes = readFileSync(tinyGguf());
  const place = bytes.indexOf(key);
  if (place < 0) throw new RangeError(`no ${key} in the file`);
  if (typeof change === 'string') bytes.write(change, place);
  // Behind the name stands the type.
  else bytes.writeUInt32LE(change, place + key.length + 4);
  const file = path.join(TEST_CACHE, 'gguf', `${key}-${change}.gguf`);
  writeWhole(file, bytes);
  return file;
}

/** In one step, as several test files may write it at a time. */
function writeWhole(file: string, bytes: Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, bytes);
  renameSync(draft, file);
}

function ggufOf(model: TinyModel): Uint8Array {
  const { embedding, heads, feedForward } = model;
  const writer = new GgufWriter(model.seed);
  writer.string('general.architecture', 'llama');
  writer.string('general.name', model.name);
  writer.uint32('general.file_type', 1);
  writer.uint32('llama.context_length', model.contextLength);
  writer.uint32('llama.embedding_length', embedding);
  writer.uint32('llama.block_count', model.layers);
  writer.uint32('llama.feed_forward_length', feedForward);
  writer.uint32('llama.attention.head_count', heads);
  writer.uint32('llama.attention.head_count_kv', model.keyValueHeads);
  writer.uint32('llama.rope.dimension_count', embedding / heads);
  writer.float32('llama.attention.layer_norm_rms_epsilon', 1e-5);
  writer.string('tokenizer.ggml.model', 'gpt2');
  writer.string('tokenizer.ggml.pre', 'gpt-2');
  writer.strings('tokenizer.ggml.tokens', [...byteTokens(), ...SPECIAL_TOKENS.map(([text]) => text)]);
  writer.int32s('tokenizer.ggml.token_type', [
    ...Array.from({ length: 256 }, () => NORMAL),
    ...SPECIAL_TOKENS.map(([, type]) => type),
  ]);
  writer.strings('tokenizer.ggml.merges', []);
  writer.uint32('tokenizer.ggml.bos_token_id', BOS);
  writer.uint32('tokenizer.ggml.eos_token_id', EOS);
  writer.uint32('tokenizer.ggml.eot_token_id', EOT);
  writer.bool('tokenizer.ggml.add_bos_token', false);
  if (model.template !== null) writer.string('tokenizer.chat_template', model.template);

  const keyValue = (embedding / heads) * model.keyValueHeads;
  const matrix = (name: string, from: number, to: number, deviation = 1 / Math.sqrt(from)): void =>
    writer.float16Matrix(`${name}.weight`, from, to, deviation);
  matrix('token_embd', embedding, VOCABULARY_SIZE, 1);
  for (let layer = 0; layer < model.layers; layer++) {
    const block = `blk.${layer}`;
    writer.ones(`${block}.attn_norm.weight`, embedding);
    matrix(`${block}.attn_q`, embedding, embedding);
    matrix(`${block}.attn_k`, embedding, keyValue);
    matrix(`${block}.attn_v`, embedding, keyValue);
    matrix(`${block}.attn_output`, embedding, embedding);
    writer.ones(`${block}.ffn_norm.weight`, embedding);
    matrix(`${block}.ffn_gate`, embedding, feedForward);
    matrix(`${block}.ffn_up`, embedding, feedForward);
    matrix(`${block}.ffn_down`, feedForward, embedding);
  }
  writer.ones('output_norm.weight', embedding);
  const deviation = model.sharpness / Math.sqrt(embedding);
  writer.float16Matrix(
    'output.weight',
    embedding,
    VOCABULARY_SIZE,
    deviation,
    model.endless ? 256 : undefined,
  );
  return writer.finish();
}

/** GPT-2's names of the 256 bytes: printable ones stand for themselves, the others for letters from U+0100 on. */
function byteTokens(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}
