import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cacheBytes,
  CACHE_TYPES,
  need,
  place,
  remedies,
  type Load,
  type Memory,
  type ModelSize,
} from '../../../core/policy/models/index.ts';

const GB = 1e9;
/** Qwen3-8B in Q4_K_M. */
const EIGHT: ModelSize = {
  weightBytes: 5_027_783_488,
  layers: 36,
  layerBytes: 4_300_000_000,
  cachedPerToken: 36 * 8 * 2 * 128,
  vocabulary: 151_936,
  embeddingLength: 4096,
  contextLength: 40_960,
  measured: true,
};
const LOAD: Load = { contextSize: 8192, slots: 1, cacheType: 'f16' };
const machine = (ram: number, vram?: number, unified = false): Memory => ({
  ram: { free: ram * GB, total: ram * GB },
  vram: vram === undefined ? undefined : { free: vram * GB, total: vram * GB, devices: ['card'], unified },
});

describe('what a model takes', () => {
  test("is for the KV cache what llama.cpp's own log says", () => {
    // "KV self size = 1152.00 MiB" for Qwen3-8B with 8192 tokens in f16.
    expect(cacheBytes(EIGHT, LOAD)).toBe(1152 * 1024 ** 2);
    expect(cacheBytes(EIGHT, { ...LOAD, cacheType: 'q8_0' })).toBe(612 * 1024 ** 2);
    expect(cacheBytes(EIGHT, { ...LOAD, cacheType: 'q4_0' })).toBe(324 * 1024 ** 2);
    expect(cacheBytes(EIGHT, { ...LOAD, slots: 4 })).toBe(4 * 1152 * 1024 ** 2);
  });

  test('is only its weights and buffers where its heads are not known', () => {
    const size: ModelSize = { ...EIGHT, cachedPerToken: undefined };
    expect(cacheBytes(size, LOAD)).toBeUndefined();
    expect(need(size, LOAD).cache).toBe(0);
  });
});

describe('where it lies', () => {
  test.each<[string, Load, Memory, ReturnType<typeof place>['kind']]>([
    ['a large card', LOAD, machine(16, 24), 'gpu'],
    ['a small card', LOAD, machine(16, 6), 'split'],
    ['a card too small for anything', LOAD, machine(16, 1), 'cpu'],
    ['no card', LOAD, machine(16), 'cpu'],
    ['too little of everything', LOAD, machine(4), 'none'],
    ['a small card and little RAM', LOAD, machine(3, 4), 'none'],
    ['many rollouts on a large card', { ...LOAD, slots: 64 }, machine(16, 24), 'none'],
    ['memory shared by both', LOAD, machine(16, 12, true), 'gpu'],
    ['memory shared by both, of which the card may use little', LOAD, machine(16, 5, true), 'cpu'],
    ['memory shared by both, and all in use', LOAD, machine(2, 12, true), 'none'],
  ])('%s', (_, load, memory, kind) => {
    expect(place(EIGHT, load, memory).kind).toBe(kind);
  });
});

describe('properties', () => {
  const gigabytes = fc.integer({ min: 0, max: 200 });
  const loads = fc.record({
    contextSize: fc.integer({ min: 256, max: 100_000 }),
    slots: fc.integer({ min: 1, max: 64 }),
    cacheType: fc.constantFrom(...CACHE_TYPES),
  });
  const sizes = fc.record({
    weightBytes: fc.integer({ min: 1, max: 100 * GB }),
    layers: fc.integer({ min: 0, max: 100 }),
    cachedPerToken: fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: undefined }),
    vocabulary: fc.integer({ min: 0, max: 300_000 }),
    embeddingLength: fc.integer({ min: 0, max: 10_000 }),
  });
  const models = sizes.map((size): ModelSize => ({
    ...size,
    layerBytes: size.weightBytes * 0.9,
    contextLength: 100_000,
    measured: true,
  }));
  const machines = fc
    .tuple(gigabytes, fc.option(gigabytes, { nil: undefined }), fc.boolean())
    .map(([ram, vram, unified]) => machine(ram, vram, unified));
  const rank = { none: 0, cpu: 1, split: 2, gpu: 3 };

  test('more memory never makes it worse, and a smaller load neither', () => {
    fc.assert(
      fc.property(
        models,
        loads,
        gigabytes,
        gigabytes,
        fc.integer({ min: 0, max: 50 }),
        (model, load, ram, vram, more) => {
          const before = rank[place(model, load, machine(ram, vram)).kind];
          expect(rank[place(model, load, machine(ram + more, vram + more)).kind]).toBeGreaterThanOrEqual(
            before,
          );
          const less = { ...load, slots: Math.ceil(load.slots / 2) };
          expect(rank[place(model, less, machine(ram, vram)).kind]).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });

  test('what is said to help does help, and is said only where help is needed', () => {
    fc.assert(
      fc.property(models, loads, machines, (model, load, memory) => {
        const before = place(model, load, memory).kind;
        const better = (size: ModelSize, changed: Load): boolean =>
          place(size, changed, memory).kind === 'gpu' ||
          (before === 'none' && place(size, changed, memory).kind !== 'none');
        const found = remedies(model, load, memory);
        if (before === (memory.vram === undefined ? 'cpu' : 'gpu')) expect(found).toEqual([]);
        for (const remedy of found) {
          if (remedy.kind === 'smaller-file') {
            const share = remedy.bytes / model.weightBytes;
            const smaller = {
              ...model,
              weightBytes: remedy.bytes,
              layerBytes: model.layerBytes * share,
            };
            const least = { ...load, slots: 1, contextSize: Math.min(load.contextSize, 2048) };
            expect(remedy.bytes).toBeLessThan(model.weightBytes);
            expect(better(smaller, least)).toBe(true);
          } else {
            expect(better(model, { ...load, ...remedy })).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
