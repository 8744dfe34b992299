import type { WorkerHealth } from './protocol/index.ts';

/** What of a worker is used up for good, little by little, until another has to be started. */
export interface Wear extends WorkerHealth {
  /** Sets of modules: what was loaded once stays in a worker's memory. */
  readonly loaded: number;
}

/** Which share of a worker that may wear so far is used up between two looks at it; what it has given back counts for nothing. */
export const shareWorn = (before: Wear, now: Wear, most: Wear): number =>
  Math.max(0, ...KINDS.map((kind) => (now[kind] - before[kind]) / most[kind]));

export const isWornOut = (now: Wear, most: Wear): boolean => KINDS.some((kind) => now[kind] > most[kind]);

/** The worst of both, of each kind: what is used up anew is told from what goes up and down. */
export const worst = (a: Wear, b: Wear): Wear => ({
  loaded: Math.max(a.loaded, b.loaded),
  residentBytes: Math.max(a.residentBytes, b.residentBytes),
  wasmBytes: Math.max(a.wasmBytes, b.wasmBytes),
});

const KINDS = ['loaded', 'residentBytes', 'wasmBytes'] as const;
