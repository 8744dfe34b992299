import type { Statement } from '../record/index.ts';
import { statementFeatures } from './features.ts';

/** Turns statements into vectors whose cosine says how alike they are. */
export interface Embedder {
  /** With `version`, names the vectors: a bank whose rows carry another name or version is embedded anew when opened. */
  readonly name: string;
  readonly version: number;
  /** Length of every vector. */
  readonly dimensions: number;
  /** One vector of `dimensions` numbers for each statement, in order; need not be normalised. */
  embed(statements: readonly Statement[]): Promise<Float32Array[]>;
}

/** `name@version/dimensions`: what the rows carry. */
export function embedderKey(embedder: Embedder): string {
  return `${embedder.name}@${embedder.version}/${embedder.dimensions}`;
}

const DIMENSIONS = 256;

/**
 * The default embedder: symbol and shape features by signed feature hashing, weighted by damped term frequency, of
 * length 1. Deterministic, needs no model, about 0.1 ms a statement.
 */
export function symbolEmbedder(): Embedder {
  return {
    name: 'symbols',
    version: 1,
    dimensions: DIMENSIONS,
    embed: (statements) => Promise.resolve(statements.map(embedSymbols)),
  };
}

function embedSymbols(statement: Statement): Float32Array {
  const sums = new Float64Array(DIMENSIONS);
  for (const [feature, weight] of statementFeatures(statement)) {
    const hash = fnv1a(feature);
    const dimension = hash % DIMENSIONS;
    // Another bit of the hash gives the sign, so that colliding features cancel out on average.
    const sign = hash & 0x10000 ? 1 : -1;
    sums[dimension] = (sums[dimension] ?? 0) + sign * Math.sqrt(weight);
  }
  const norm = Math.hypot(...sums);
  // A statement without any feature still needs a direction: cosine distance to a zero vector is undefined.
  if (norm === 0) sums[0] = 1;
  return Float32Array.from(sums, (value) => value / (norm || 1));
}

/** 32-bit FNV-1a with a final avalanche, over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
