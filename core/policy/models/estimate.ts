import type { ModelSize } from './size.ts';

/** How the KV cache keeps a number. */
export const CACHE_TYPES = ['f16', 'q8_0', 'q4_0'] as const;
export type CacheType = (typeof CACHE_TYPES)[number];
/** Bytes of a number: blocks of 32 with a scale of two bytes. */
const CACHE_BYTES: Readonly<Record<CacheType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };

export interface Load {
  /** Tokens of one rollout, prompt and reply together. */
  readonly contextSize: number;
  /** Rollouts at one time, each with a context of its own. */
  readonly slots: number;
  readonly cacheType: CacheType;
}

/** What this machine has for models, in bytes. */
export interface Memory {
  readonly ram: { readonly free: number; readonly total: number };
  /** All cards together; undefined where there is none that llama.cpp can use. */
  readonly vram:
    | {
        readonly free: number;
        readonly total: number;
        readonly devices: readonly string[];
        /** It is part of the RAM, as on Apple's chips. */
        readonly unified: boolean;
      }
    | undefined;
}

/** Bytes that a load takes. */
export interface Need {
  readonly weights: number;
  readonly cache: number;
  /** Intermediate results. */
  readonly compute: number;
  readonly total: number;
}

export type Placement =
  | { readonly kind: 'gpu' }
  /** So many layers on the card, the rest in RAM and computed there: slower. */
  | { readonly kind: 'split'; readonly gpuLayers: number }
  | { readonly kind: 'cpu' }
  | { readonly kind: 'none' };

/** Never filled: estimates are not exact, and the machine has other work. */
const VRAM_MARGIN = 512 * 1024 ** 2;
const RAM_MARGIN = 1024 ** 3;
/** Tokens evaluated at one time. */
const BATCH = 512;
/** The runtime itself: kernels, buffers that grow with nothing. */
const RUNTIME_BYTES = 256 * 1024 ** 2;
const SMALLEST_CONTEXT = 2048;

/** Bytes of the KV cache; undefined where the model does not tell its heads. */
export function cacheBytes(size: ModelSize, { contextSize, slots, cacheType }: Load): number | undefined {
  return size.cachedPerToken === undefined
    ? undefined
    : size.cachedPerToken * contextSize * slots * CACHE_BYTES[cacheType];
}

/**
 * What a load takes, to some ten per cent. Models with sliding windows or recurrent layers take less for their cache.
 */
export function need(size: ModelSize, load: Load): Need {
  const cache = cacheBytes(size, load) ?? 0;
  // Scores of all words for each token of a batch, and some vectors of each.
  const compute = BATCH * (size.vocabulary + 16 * size.embeddingLength) * 4 + RUNTIME_BYTES;
  return { weights: size.weightBytes, cache, compute, total: size.weightBytes + cache + compute };
}

/** Where a load would lie on this machine. */
export function place(size: ModelSize, load: Load, { ram, vram }: Memory): Placement {
  const wanted = need(size, load);
  const inRam = ram.free - RAM_MARGIN;
  if (vram === undefined) return { kind: wanted.total <= inRam ? 'cpu' : 'none' };
  const onCard = (vram.unified ? Math.min(vram.free, ram.free) : vram.free) - VRAM_MARGIN;
  if (wanted.total <= onCard) return { kind: 'gpu' };
  if (vram.unified) return { kind: wanted.total <= inRam ? 'cpu' : 'none' };
  const perLayer = size.layers === 0 ? Infinity : (size.layerBytes + wanted.cache) / size.layers;
  const gpuLayers = Math.max(0, Math.min(size.layers, Math.floor((onCard - wanted.compute) / perLayer)));
  const left = wanted.weights + wanted.cache - gpuLayers * perLayer + (gpuLayers === 0 ? wanted.compute : 0);
  if (left > inRam) return { kind: 'none' };
  return gpuLayers === 0 ? { kind: 'cpu' } : { kind: 'split', gpuLayers };
}

/** A change after which what does not fit fits, and what fits lies wholly on the card. */
export type Remedy =
  | { readonly kind: 'slots'; readonly slots: number }
  | { readonly kind: 'context'; readonly contextSize: number }
  | { readonly kind: 'both'; readonly slots: number; readonly contextSize: number }
  /** Only a file of so few bytes of weights, with one slot and the smallest context. */
  | { readonly kind: 'smaller-file'; readonly bytes: number };

/** What would do, the mildest first; empty where nothing needs to be done, or nothing helps. */
export function remedies(size: ModelSize, load: Load, memory: Memory): Remedy[] {
  const placed = place(size, load, memory).kind;
  const isBetter = ({ kind }: Placement): boolean => (placed === 'none' ? kind !== 'none' : kind === 'gpu');
  if (placed === 'gpu' || (placed === 'cpu' && memory.vram === undefined)) return [];
  const works = (change: Partial<Load>): boolean => isBetter(place(size, { ...load, ...change }, memory));
  const found: Remedy[] = [];
  const slots = halves(load.slots, 1).find((n) => works({ slots: n }));
  if (slots !== undefined) found.push({ kind: 'slots', slots });
  const contextSize = halves(load.contextSize, SMALLEST_CONTEXT).find((n) => works({ contextSize: n }));
  if (contextSize !== undefined) found.push({ kind: 'context', contextSize });
  if (found.length > 0) return found;
  const both = halves(load.contextSize, SMALLEST_CONTEXT).find((n) => works({ slots: 1, contextSize: n }));
  if (both !== undefined) return [{ kind: 'both', slots: 1, contextSize: both }];
  const least = { ...load, slots: 1, contextSize: Math.min(load.contextSize, SMALLEST_CONTEXT) };
  const bytes = largest(size.weightBytes, (weightBytes) =>
    isBetter(place(scaled(size, weightBytes), least, memory)),
  );
  return bytes > 0 ? [{ kind: 'smaller-file', bytes }] : [];
}

/** The same model in fewer bits. */
const scaled = (size: ModelSize, weightBytes: number): ModelSize => ({
  ...size,
  weightBytes,
  layerBytes: size.layerBytes * (weightBytes / Math.max(1, size.weightBytes)),
});

/** By bisection: what fits stays fitting with less. */
function largest(limit: number, fits: (bytes: number) => boolean): number {
  let [low, high] = [0, limit];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function halves(from: number, least: number): number[] {
  const found: number[] = [];
  for (let n = Math.floor(from / 2); n >= least; n = Math.floor(n / 2)) found.push(n);
  return found;
}
