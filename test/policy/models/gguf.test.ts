import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { readGgufFileInfo } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  readModelFacts,
  UnreadableModelError,
  type GgufDefect,
} from '../../../core/policy/models/gguf/index.ts';
import { tinyGguf, truncatedGguf } from '../../support/tiny-gguf.ts';
import { gguf, text, tinyModel, u32, u64, type Gguf } from './gguf-bytes.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-gguf-'));
});
afterAll(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));

let files = 0;
async function file(bytes: Buffer | string): Promise<string> {
  const target = path.join(directory, `${files++}.gguf`);
  await writeFile(target, bytes);
  return target;
}

const ARCHITECTURE = ['general.architecture', { text: 'qwen3' }] as const;

describe('a whole model', () => {
  test('is described', async () => {
    const bytes = tinyModel();
    expect(await readModelFacts(await file(bytes))).toEqual({
      version: 3,
      architecture: 'qwen3',
      name: 'Tiny Prover',
      licence: 'apache-2.0',
      quantisation: 'Q8_0',
      parameters: 300 * 64 + 2 * 64 * 64,
      bytes: bytes.length,
      weightBytes: 38_400 + 2 * 4352,
      layerBytes: [4352, 4352],
      contextLength: 4096,
      layers: 2,
      embeddingLength: 64,
      vocabulary: 300,
      cachedPerToken: 2 * 2 * (8 + 8),
      chatTemplate: '{% for message in messages %}{{ message.content }}{% endfor %}',
    });
  });

  test('may say little: what is not said is undefined', async () => {
    const facts = await readModelFacts(await file(gguf({ version: 2, metadata: [ARCHITECTURE] })));
    expect(facts).toMatchObject({ version: 2, quantisation: 'unknown', parameters: 0, layerBytes: [] });
    expect(facts.cachedPerToken).toBeUndefined();
    expect(facts.contextLength).toBeUndefined();
  });

  test('may have another number of key-value heads in each layer, and head lengths that follow from others', async () => {
    const metadata: Gguf['metadata'] = [
      ARCHITECTURE,
      ['qwen3.block_count', { u32: 3 }],
      ['qwen3.embedding_length', { u32: 64 }],
      ['qwen3.attention.head_count', { u32: 8 }],
      ['qwen3.attention.head_count_kv', { numbers: [2, 0, 4] }],
    ];
    expect(await readModelFacts(await file(gguf({ metadata })))).toMatchObject({
      cachedPerToken: 6 * (8 + 8),
    });
  });

  test('keeps no long arrays, and skips nested ones', async () => {
    const nested = Buffer.concat([u32(9), u64(2), u32(8), u64(1), text('a'), u32(4), u64(1), u32(7)]);
    const long = { numbers: Array.from({ length: 200_000 }, (_, i) => i) };
    const bytes = gguf({ metadata: [['a', { raw: nested, type: 9 }], ['b', long], ARCHITECTURE] });
    expect(await readModelFacts(await file(bytes))).toMatchObject({ architecture: 'qwen3' });
  });
});

describe("a model that llama.cpp's own library reads too", () => {
  test('is read alike', async () => {
    const target = tinyGguf();
    const info = await readGgufFileInfo(target, { logWarnings: false });
    const facts = await readModelFacts(target);
    const { llama } = info.metadata as unknown as { llama: Record<string, number> };
    expect(facts).toMatchObject({
      architecture: info.metadata.general.architecture,
      name: info.metadata.general.name,
      layers: llama['block_count'],
      contextLength: llama['context_length'],
      embeddingLength: llama['embedding_length'],
      vocabulary: info.metadata.tokenizer.ggml.tokens.length,
    });
    const weights = (info.fullTensorInfo ?? []).map(({ dimensions }) =>
      dimensions.reduce<number>((product, n) => product * Number(n), 1),
    );
    expect(facts.parameters).toBe(weights.reduce((sum, n) => sum + n, 0));
  });

  test('is found out where it is cut in the middle of its weights', async () => {
    await expect(readModelFacts(truncatedGguf())).rejects.toThrow(/cut short.*get or copy it again/);
  });
});

describe('refused with what is wrong', () => {
  const huge = 2n ** 62n;
  const tensor = (more: object): Gguf => ({
    metadata: [ARCHITECTURE],
    tensors: [{ name: 'a', dimensions: [32], type: 0, offset: 0, ...more }],
    dataBytes: 128,
  });
  test.each<[string, Buffer | string, GgufDefect, RegExp]>([
    ['an empty file', '', 'not-gguf', /it is empty/],
    ['three bytes', 'GGU', 'not-gguf', /no GGUF file/],
    ['a web page', '<!doctype html><title>Sign in</title>', 'not-gguf', /no GGUF file/],
    ['an old version', gguf({ version: 1 }), 'unsupported', /version 1/],
    ['a version to come', gguf({ version: 4 }), 'unsupported', /version 4/],
    ['big-endian', gguf({ version: 0x03000000 }), 'unsupported', /big-endian/],
    ['only a magic', 'GGUF', 'truncated', /ends before/],
    ['no architecture', gguf({}), 'corrupt', /which architecture/],
    ['too many pairs', gguf({ claims: { pairs: 2n ** 40n } }), 'corrupt', /metadata entries/],
    [
      'a count beyond all numbers',
      gguf({ claims: { pairs: huge } }),
      'corrupt',
      /cannot be 4611686018427387904/,
    ],
    [
      'too many tensors',
      gguf({ metadata: [ARCHITECTURE], claims: { tensors: 10n ** 9n } }),
      'corrupt',
      /tensors/,
    ],
    [
      'a key of half the address space',
      Buffer.concat([gguf({ claims: { pairs: 1n } }), u64(2n ** 50n), Buffer.alloc(64)]),
      'truncated',
      /ends before a metadata key/,
    ],
    [
      'a key of 100 kB',
      Buffer.concat([gguf({ claims: { pairs: 1n } }), u64(100_000), Buffer.alloc(200_000)]),
      'corrupt',
      /cannot be 100000 bytes/,
    ],
    ['an unknown type', gguf({ metadata: [['a', { raw: u64(1), type: 77 }]] }), 'corrupt', /unknown type 77/],
    [
      'an array of unknown type',
      gguf({ metadata: [['a', { raw: Buffer.concat([u32(13), u64(1)]), type: 9 }]] }),
      'corrupt',
      /unknown type 13/,
    ],
    [
      'an array longer than the file',
      gguf({ metadata: [['a', { raw: Buffer.concat([u32(4), u64(2n ** 52n)]), type: 9 }]] }),
      'truncated',
      /ends before the 4503599627370496 items/,
    ],
    [
      'arrays in arrays without end',
      gguf({
        metadata: [
          [
            'a',
            {
              raw: Buffer.concat(Array.from({ length: 90 }, () => Buffer.concat([u32(9), u64(1)]))),
              type: 9,
            },
          ],
        ],
      }),
      'corrupt',
      /nested too deeply/,
    ],
    ['an entry twice', gguf({ metadata: [ARCHITECTURE, ARCHITECTURE] }), 'corrupt', /is there twice/],
    [
      'an odd alignment',
      gguf({ metadata: [ARCHITECTURE, ['general.alignment', { u32: 33 }]] }),
      'corrupt',
      /alignment cannot be 33/,
    ],
    ['a tensor of five dimensions', gguf(tensor({ dimensions: [1, 1, 1, 1, 1] })), 'corrupt', /5 dimensions/],
    ['a tensor too large', gguf(tensor({ dimensions: [2 ** 40, 2 ** 40] })), 'corrupt', /too large/],
    ['a tensor out of line', gguf(tensor({ offset: 7 })), 'corrupt', /not aligned/],
    ['a tensor behind the end', gguf(tensor({ offset: 2 ** 40 })), 'truncated', /cut short/],
    ['a layer too many', gguf(tensor({ name: 'blk.99999.w' })), 'corrupt', /99999 layers/],
    [
      'no context',
      gguf({ metadata: [ARCHITECTURE, ['qwen3.context_length', { u32: 0 }]] }),
      'corrupt',
      /context cannot be 0 tokens/,
    ],
    [
      'a context beyond what llama.cpp counts',
      gguf({ metadata: [ARCHITECTURE, ['qwen3.context_length', { u32: 2 ** 31 }]] }),
      'corrupt',
      /context cannot be 2147483648 tokens/,
    ],
    ...[0, 1_000_000].map((layers): [string, Buffer, GgufDefect, RegExp] => [
      `${layers} layers`,
      gguf({ metadata: [ARCHITECTURE, ['qwen3.block_count', { u32: layers }]] }),
      'corrupt',
      new RegExp(`cannot have ${layers} layers`),
    ]),
    [
      'one part of several',
      gguf({ metadata: [ARCHITECTURE, ['split.count', { u32: 3 }]] }),
      'split',
      /one of 3 parts.*--merge/,
    ],
  ])('%s', async (_, bytes, defect, message) => {
    const target = await file(bytes);
    const error = await readModelFacts(target).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnreadableModelError);
    expect(error).toMatchObject({ file: target, defect, message: expect.stringMatching(message) as string });
  });

  test('naming what is wrong without what would steer a terminal', async () => {
    const key = `\x1b[2J\u009b\u202e${'x'.repeat(500)}`;
    const target = await file(gguf({ metadata: [[key, { raw: Buffer.alloc(0), type: 99 }]] }));
    const { message } = (await readModelFacts(target).catch((error: unknown) => error)) as Error;
    expect(message).toMatch(/"\uFFFD\[2J\uFFFD\uFFFDx{54}…"/);
  });

  test('a directory, and a file that is not there', async () => {
    await expect(readModelFacts(directory)).rejects.toThrow(/EISDIR|no file/);
    await expect(readModelFacts(path.join(directory, 'no'))).rejects.toThrow(/ENOENT/);
  });

  test('a sparse file of a terabyte costs nothing', async () => {
    const target = await file(gguf({ claims: { pairs: 1n } }));
    await truncate(target, 2 ** 40);
    const before = performance.now();
    // The key's length is zero bytes, and so is its type: a UINT8 without a name.
    await expect(readModelFacts(target)).rejects.toThrow(UnreadableModelError);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('a vocabulary that fills a terabyte with empty words ends at the limit of a header', async () => {
    const target = await file(
      gguf({ metadata: [['a', { raw: Buffer.concat([u32(8), u64(2 ** 36)]), type: 9 }]] }),
    );
    await truncate(target, 2 ** 40);
    await expect(readModelFacts(target)).rejects.toThrow(/header is longer than 64 MiB/);
  });

  test('once aborted, the signal is the reason', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(readModelFacts(await file(tinyModel()), signal)).rejects.toThrow('enough');
  });
});

describe('whatever happens to a file', () => {
  const whole = tinyModel();

  test('cut anywhere it is refused, as something that was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        const error = await readModelFacts(await file(whole.subarray(0, length))).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(UnreadableModelError);
        const { defect } = error as UnreadableModelError;
        // Short of what so many entries take at least, a count is not believed.
        expect(length < 4 ? ['not-gguf'] : ['truncated', 'corrupt']).toContain(defect);
      }),
      { numRuns: 150 },
    );
  });

  test('with bytes changed it is read or refused, quickly, and never otherwise', async () => {
    const change = fc.tuple(fc.nat({ max: 1200 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [place, byte] of changes) bytes[place] = byte;
        const started = performance.now();
        const result = await readModelFacts(await file(bytes)).catch((error: unknown) => error);
        expect(performance.now() - started).toBeLessThan(5000);
        if (result instanceof Error) expect(result).toBeInstanceOf(UnreadableModelError);
        else expect(result).toMatchObject({ version: expect.any(Number) as number });
      }),
      { numRuns: 300 },
    );
  });
});
