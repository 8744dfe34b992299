/**
 * The judge: checks submissions against statements with real Lean.
 *
 * ```ts
 * await using checker = createWasmChecker({ spawn: spawnWithNode }, { workerEntry, prepared, readable, … });
 * const { verdict, proof } = await checker.check(statement, 'theorem t : 1 + 1 = 2 := by decide');
 * ```
 */
import type { CheckerIdentity, Environment } from '../record/index.ts';
import { LeanChecker } from './checker.ts';
import { LeanPool, type PoolSettings } from './pool.ts';
import type { LeanSpawner } from './spawner.ts';

export { LeanChecker } from './checker.ts';
export type { LeanBackEnd } from './back-end.ts';
export { LeanUnavailableError, UnjudgeableError } from './errors.ts';
export {
  createNativeChecker,
  findSandbox,
  runCommand,
  type CreateNativeCheckerInit,
  type NativeToolchain,
  type RunnerComponents,
  type Sandbox,
  type SandboxState,
} from './native/index.ts';
export { spawnWithNode, type LeanProcess, type LeanSpawner, type SpawnRequest } from './spawner.ts';

export interface CreateWasmCheckerInit {
  /** The worker's module, in lean-bundle. */
  readonly workerEntry: string;
  /** The prepared embedded Lean. */
  readonly preparedDirectory: string;
  /** Directories that hold the worker's code. */
  readonly codeDirectories: readonly string[];
  readonly identity: CheckerIdentity;
  readonly environment: Environment;
  /** Submissions elaborated at one time; each takes a core and some 0.8 GB. */
  readonly jobs: number;
  /** Limit of one check where the caller sets none, in milliseconds. */
  readonly defaultTimeoutMs?: number;
  /** A worker that holds more is killed in the middle of a check. */
  readonly memoryLimitBytes?: number;
  /** Workers are stopped after so long without work. */
  readonly idleMs?: number;
}

const GB = 1e9;

/** Makes a checker; nothing is started before the first check or `warmUp`. */
export function createWasmChecker(
  { spawn }: { spawn: LeanSpawner },
  init: CreateWasmCheckerInit,
): LeanChecker {
  const args = [
    JSON.stringify({
      directory: init.preparedDirectory,
      imports: ['Init'],
      memoryLimitBytes: init.memoryLimitBytes ?? 2.2 * GB,
    }),
  ];
  const start = (): ReturnType<LeanSpawner> =>
    spawn({ entry: init.workerEntry, args, readable: [init.preparedDirectory, ...init.codeDirectories] });
  const settings: Omit<PoolSettings, 'size' | 'spares' | 'reserve'> = {
    recycleWasmBytes: 0.9 * GB,
    recycleResidentBytes: 1.4 * GB,
    idleMs: init.idleMs ?? 120_000,
    startTimeoutMs: 60_000,
  };
  return new LeanChecker(
    {
      elaborators: new LeanPool({ start }, { ...settings, size: init.jobs, spares: 1 }),
      // Judging is short: one worker serves several elaborators, and its replacement is waited for. A peer's proof may take long.
      judges: new LeanPool({ start }, { ...settings, size: 1, spares: 0, reserve: 1 }),
    },
    {
      identity: init.identity,
      environment: init.environment,
      defaultTimeoutMs: init.defaultTimeoutMs ?? 60_000,
    },
  );
}
