import { copyFileSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  InferenceCrashedError,
  ModelTooLargeError,
  ModelUnreadableError,
  type InferenceEvent,
} from '../../../core/policy/llama/index.ts';
import { changedGguf, corruptGguf, HUNDRED_MB, tinyGguf, truncatedGguf } from '../../support/tiny-gguf.ts';
import { request, SURE, testEngine } from './engines.ts';

/** A copy that a test may change. */
function ownCopy(of: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'proofswarm-gguf-')), 'own.gguf');
  copyFileSync(of, file);
  return file;
}

describe('a model file', () => {
  it('that is not there is told', async () => {
    await using engine = testEngine({ modelPath: '/nowhere/model.gguf' });
    await expect(engine.load()).rejects.toThrow(ModelUnreadableError);
    await expect(engine.generate(request())).rejects.toThrow(/nowhere/);
  });

  it('that is no GGUF is told', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'proofswarm-gguf-')), 'a.gguf');
    writeFileSync(file, 'theorem t : True := trivial\n'.repeat(1000));
    await using engine = testEngine({ modelPath: file });
    await expect(engine.load()).rejects.toThrow(ModelUnreadableError);
    await expect(engine.estimate()).rejects.toThrow(ModelUnreadableError);
  });

  it('that ends too early is told', async () => {
    await using engine = testEngine({ modelPath: truncatedGguf() });
    await expect(engine.load()).rejects.toThrow(ModelUnreadableError);
  });

  it.each([
    ['its version', 4],
    ['the length of a key', 24],
    ['its vocabulary', 'tokenizer.ggml.tokens'],
    ['the table of its tensors', 'blk.0.attn_q.weight'],
  ] as const)('that is corrupt in %s is told', async (_, offset) => {
    await using engine = testEngine({ modelPath: corruptGguf(offset) });
    const failure: unknown = await engine.load().catch((error: unknown) => error);
    // What native code makes of it is not ours to choose; that it is told, and soon, is.
    const told = failure instanceof ModelUnreadableError || failure instanceof InferenceCrashedError;
    expect(told ? true : failure).toBe(true);
  });

  it.each([
    ['no context', 'llama.context_length', 0, ModelUnreadableError, /context cannot be 0 tokens/],
    ['a million layers', 'llama.block_count', 1_000_000, ModelUnreadableError, /cannot have 1000000 layers/],
    ['no tokenizer', 'tokenizer.ggml.tokens', 'tokenizer.ggml.tokenz', ModelUnreadableError, /vocab/],
    ['rows of 16 TB', 'llama.embedding_length', 2 ** 32 - 1, ModelTooLargeError, /GB of memory/],
    // llama.cpp ends its process over this.
    [
      'no heads',
      'llama.attention.head_count',
      0,
      InferenceCrashedError,
      /reading llama\.attention\.head_count-0/,
    ],
  ] as const)(
    'that claims %s is refused, and the process that reads it is gone',
    async (_, key, change, error, message) => {
      await using engine = testEngine({ modelPath: changedGguf(key, change), contextSize: 'auto' });
      const failure: unknown = await engine.load().catch((reason: unknown) => reason);
      expect(failure).toBeInstanceOf(error);
      expect((failure as Error).message).toMatch(message);
      expect(engine.model).toBeUndefined();
      expect(engine.pid).toBeUndefined();
    },
  );

  it('that has changed since the estimate is estimated again', async () => {
    const modelPath = ownCopy(tinyGguf());
    await using engine = testEngine({ modelPath, ramLimit: 60e6 });
    await expect(engine.estimate()).resolves.toMatchObject({ fits: true });
    copyFileSync(tinyGguf(HUNDRED_MB), modelPath);
    await expect(engine.load()).rejects.toThrow(ModelTooLargeError);
  });

  it('that is cut while it is loaded ends its process, not ours, and is refused then', async () => {
    const modelPath = ownCopy(tinyGguf(SURE));
    await using engine = testEngine({ modelPath });
    const events: InferenceEvent[] = [];
    engine.subscribe((event) => events.push(event));
    await engine.load();
    truncateSync(modelPath, 4096);
    // Its weights are mapped from the file, and gone.
    await expect(engine.generate(request())).rejects.toThrow(InferenceCrashedError);
    expect(events.map(({ type }) => type)).toContain('inference:crashed');
    await expect(engine.generate(request())).rejects.toThrow(ModelUnreadableError);
  });

  it('says what it is', async () => {
    await using engine = testEngine();
    await expect(engine.load()).resolves.toMatchObject({
      name: 'proofswarm tiny',
      architecture: 'llama',
      template: 'own',
      contextSize: 512,
      trainContextSize: 4096,
      slots: 4,
      gpu: 'cpu',
      gpuLayers: 0,
      threads: 1,
    });
    expect(engine.model?.ramBytes).toBeGreaterThan(1e6);
  });

  it('takes its whole context where none is chosen', async () => {
    await using engine = testEngine({ contextSize: 'auto', slots: 1 });
    await expect(engine.load()).resolves.toMatchObject({ contextSize: 4096 });
  });
});

describe('the memory that a model needs', () => {
  it('is known without loading it', async () => {
    await using engine = testEngine({ modelPath: tinyGguf(HUNDRED_MB), contextSize: 4096, slots: 4 });
    const estimate = await engine.estimate();
    expect(engine.model).toBeUndefined();
    expect(estimate).toMatchObject({ fits: true, gpu: 'cpu', contextSize: 4096, slots: 4, suggestions: [] });
    // Weights, and keys and values: 8 layers, 4 of 12 heads of 64, 16 bits each, for each token of each slot.
    const least = 100e6 + 2 * 8 * 256 * 2 * 4096 * 4;
    expect(estimate.ram.needed).toBeGreaterThan(least);
    expect(estimate.ram.needed).toBeLessThan(2 * least);
    expect(estimate.ram.free).toBeLessThan(estimate.ram.total);
  });

  it('where it is not there, the model is refused, and what would help is said', async () => {
    // Room for the weights and a smaller context, and not for this one.
    const settings = { modelPath: tinyGguf(HUNDRED_MB), slots: 16, ramLimit: 400e6 };
    await using engine = testEngine({ ...settings, contextSize: 4096 });
    const failure: unknown = await engine.load().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelTooLargeError);
    const { estimate, message } = failure as ModelTooLargeError;
    expect(message).toMatch(
      /0\.7 GB of memory, .* 0\.4 GB .*a context of \d+ tokens instead of 4096, or \d+ rollouts/,
    );
    expect(estimate).toMatchObject({
      fits: false,
      suggestions: [{ kind: 'context-size' }, { kind: 'slots' }],
    });
    const [smaller] = estimate.suggestions;
    // The advice is good.
    await using advised = testEngine({
      ...settings,
      contextSize: smaller?.kind === 'context-size' ? smaller.contextSize : 0,
    });
    await expect(advised.estimate()).resolves.toMatchObject({ fits: true });
  });

  it('decides on the context where none is chosen', async () => {
    await using engine = testEngine({
      modelPath: tinyGguf(HUNDRED_MB),
      contextSize: 'auto',
      slots: 16,
      ramLimit: 500e6,
    });
    await expect(engine.estimate()).resolves.toMatchObject({ fits: true, contextSize: 2048 });
  });

  it('where no setting helps, a smaller file is advised', async () => {
    await using engine = testEngine({ modelPath: tinyGguf(HUNDRED_MB), ramLimit: 60e6 });
    const estimate = await engine.estimate();
    expect(estimate.fits).toBe(false);
    expect(estimate.suggestions).toEqual([{ kind: 'smaller-file', bytes: expect.any(Number) as number }]);
  });

  it('and the loading of the model are told', async () => {
    await using engine = testEngine({ modelPath: tinyGguf(HUNDRED_MB) });
    const events: InferenceEvent[] = [];
    engine.subscribe((event) => events.push(event));
    await engine.load();
    const types = events.map(({ type }) => type);
    expect(types.indexOf('inference:estimated')).toBeGreaterThanOrEqual(0);
    expect(types.indexOf('inference:estimated')).toBeLessThan(types.indexOf('inference:loading'));
    expect(types).toContain('inference:ready');
    const fractions = events.flatMap((event) => (event.type === 'inference:loading' ? [event.fraction] : []));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });
});
