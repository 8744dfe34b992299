import type { ModelFacts } from './gguf/index.ts';
import type { ListedFile } from './manifest.ts';

/** What of a model decides how much memory it takes. */
export interface ModelSize {
  readonly weightBytes: number;
  readonly layers: number;
  /** Bytes of the weights that belong to layers; what is left is in memory once, whatever is offloaded. */
  readonly layerBytes: number;
  /** Numbers that a token keeps in the KV cache, all layers together; undefined where the file does not tell. */
  readonly cachedPerToken: number | undefined;
  readonly vocabulary: number;
  readonly embeddingLength: number;
  /** Tokens that it was trained for; undefined where the file does not tell. */
  readonly contextLength: number | undefined;
  /** Whether this is measured on the file, or computed from the number of weights. */
  readonly measured: boolean;
}

/** Bits of a weight, as llama.cpp's mixtures come out on models of some billions of weights. */
const BITS_PER_WEIGHT: ReadonlyMap<string, number> = new Map([
  ['Q3_K_M', 4],
  ['Q4_K_S', 4.7],
  ['Q4_K_M', 4.9],
  ['Q5_K_M', 5.7],
  ['Q6_K', 6.6],
  ['Q8_0', 8.5],
  ['F16', 16],
  ['BF16', 16],
]);
const UNKNOWN_BITS = 8.5;

export function sizeOfFile(facts: ModelFacts): ModelSize {
  return {
    weightBytes: facts.weightBytes,
    layers: facts.layers ?? facts.layerBytes.length,
    layerBytes: facts.layerBytes.reduce((sum, bytes) => sum + bytes, 0),
    cachedPerToken: facts.cachedPerToken,
    vocabulary: facts.vocabulary ?? 0,
    embeddingLength: facts.embeddingLength ?? 0,
    contextLength: facts.contextLength,
    measured: true,
  };
}

/** Before a file is there: from its listed length, or from the number of weights. */
export function sizeOfListed({ model, file }: ListedFile): ModelSize {
  const { shape } = model;
  const bits = BITS_PER_WEIGHT.get(file.quantisation) ?? UNKNOWN_BITS;
  const weightBytes = file.bytes ?? Math.round((shape.parameters * bits) / 8);
  const outside = (2 * shape.vocabulary * shape.embeddingLength) / shape.parameters;
  return {
    weightBytes,
    layers: shape.layers,
    layerBytes: Math.round(weightBytes * (1 - Math.min(0.5, outside))),
    cachedPerToken: shape.layers * shape.keyValueHeads * 2 * shape.headLength,
    vocabulary: shape.vocabulary,
    embeddingLength: shape.embeddingLength,
    contextLength: model.contextLength,
    measured: false,
  };
}
