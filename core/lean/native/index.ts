/**
 * The native back end: an official Lean toolchain behind the same checker as the embedded one.
 *
 * ```ts
 * const sandbox = await findSandbox();
 * await using checker = createNativeChecker({ toolchain, sandbox }, { programs, identity, environment, jobs: 2, … });
 * ```
 */
import type { CheckerIdentity, Environment } from '../../record/index.ts';
import { LeanChecker } from '../checker.ts';
import { Comparator, type ComparatorInit } from './comparator.ts';
import { NativeElaborator } from './elaborator.ts';
import { NativeReplay } from './replay.ts';
import { LeanRunner, type RunnerComponents } from './runner.ts';

export { runCommand } from './run-command.ts';
export { findSandbox, type Sandbox, type SandboxState } from './sandbox.ts';
export type { NativeToolchain, RunnerComponents } from './runner.ts';

export interface CreateNativeCheckerInit {
  /** Elaborate.lean and Replay.lean, in lean-bundle. */
  readonly programs: { readonly elaborate: string; readonly replay: string };
  readonly identity: CheckerIdentity;
  readonly environment: Environment;
  /** `lake` of Lean 4.35 or newer, whose `lake comparator` then judges; for the toolchain's own libraries only. */
  readonly comparator?: Pick<ComparatorInit, 'lake' | 'searchPath'>;
  /** Modules that sources may import. */
  readonly modules?: RegExp;
  /** Lean processes at one time. */
  readonly jobs: number;
  /** Whether records of peers are checked where there is no sandbox. */
  readonly allowUnsandboxed: boolean;
  /** Limit of one check where the caller sets none, in milliseconds. */
  readonly defaultTimeoutMs?: number;
  /** A process that holds more private memory ends. */
  readonly memoryBytes?: number;
}

const GB = 1e9;

/** Makes a checker; nothing is started before the first check. */
export function createNativeChecker(
  components: RunnerComponents,
  init: CreateNativeCheckerInit,
): LeanChecker {
  const { programs, jobs, memoryBytes = 6 * GB, allowUnsandboxed } = init;
  const elaborating = new LeanRunner(components, { jobs, memoryBytes });
  const judging = new LeanRunner(components, { jobs: 1, reserve: 1, memoryBytes });
  const replay = new NativeReplay(judging, programs.replay);
  return new LeanChecker(
    {
      elaborators: new NativeElaborator(elaborating, { program: programs.elaborate, allowUnsandboxed }),
      judges: init.comparator ? new Comparator({ ...init.comparator, memoryBytes, replay }) : replay,
    },
    {
      identity: init.identity,
      environment: init.environment,
      defaultTimeoutMs: init.defaultTimeoutMs ?? 120_000,
      ...(init.modules ? { modules: init.modules } : {}),
    },
  );
}
