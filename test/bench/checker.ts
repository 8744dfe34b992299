import { LeanChecker, spawnWithNode, type LeanProcess } from '../../core/lean/index.ts';
import { LeanPool } from '../../core/lean/pool.ts';
import { LEAN_WASM } from '../../lean-bundle/wasm/package.ts';
import { CORE, WORKER_ENTRY } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';

export interface BenchChecker {
  readonly checker: LeanChecker;
  readonly elaborators: LeanPool;
  readonly judges: LeanPool;
}

export interface BenchLimits {
  /** A worker is killed above this. */
  readonly memoryLimitBytes: number;
  readonly recycleWasmBytes: number;
  readonly recycleResidentBytes: number;
}

/** As the app sets them. */
export const APP_LIMITS: BenchLimits = {
  memoryLimitBytes: 2.2e9,
  recycleWasmBytes: 0.9e9,
  recycleResidentBytes: 1.4e9,
};
/** No worker is ever replaced for its memory. */
export const NO_LIMITS: BenchLimits = {
  memoryLimitBytes: 4e9,
  recycleWasmBytes: 4e9,
  recycleResidentBytes: 4e9,
};

export function startWorker(directory: string, { memoryLimitBytes }: BenchLimits): LeanProcess {
  const args = [JSON.stringify({ directory, imports: ['Init'], memoryLimitBytes })];
  return spawnWithNode({ entry: WORKER_ENTRY, args, readable: [directory, PROJECT] });
}

/** A checker whose pools can be looked into; its workers are never stopped for want of work. */
export function openChecker(
  directory: string,
  size: number,
  limits: BenchLimits,
  defaultTimeoutMs: number,
): BenchChecker {
  const start = (): LeanProcess => startWorker(directory, limits);
  const settings = { ...limits, idleMs: 3_600_000, startTimeoutMs: 120_000 };
  const elaborators = new LeanPool({ start }, { ...settings, size, spares: 1 });
  const judges = new LeanPool({ start }, { ...settings, size: 1, spares: 0 });
  const identity = { name: LEAN_WASM.package, version: LEAN_WASM.lean };
  const checker = new LeanChecker({ elaborators, judges }, { identity, environment: CORE, defaultTimeoutMs });
  return { checker, elaborators, judges };
}

let serial = 0;
/**
 * No two checks are the same, so that none is answered from memory. An option at the end tells them apart, as a comment beside
 * quotes would make the judge take the source for one that may run code.
 */
export const fresh = (submission: string): string =>
  `${submission}\nset_option maxRecDepth ${10_000 + serial++}`;
