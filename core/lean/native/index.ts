/**
 * The native back end: an official Lean toolchain behind the same checker as the embedded one.
 *
 * ```ts
 * const sandbox = await findSandbox();
 * await using checker = createNativeChecker({ toolchain, sandbox }, { programs, identity, environment, jobs: 2, … });
 * ```
 */
import type { CheckerIdentity, Environment } from '../../record/index.ts';
import type { LeanBackEnd } from '../back-end.ts';
import { WasmChecker } from '../checker.ts';
import { NativeElaborator } from './elaborator.ts';
import { NativeReplay } from './replay.ts';
import { LeanRunner, type NativeToolchain, type RunnerComponents } from './runner.ts';

export { findSandbox, type Sandbox, type SandboxState } from './sandbox.ts';
export type { NativeToolchain } from './runner.ts';

export interface NativeCheckerComponents extends RunnerComponents {
  readonly toolchain: NativeToolchain;
  /** Judges instead of the native kernel: the embedded Lean, where it has the very same libraries. */
  readonly judge?: LeanBackEnd;
}

export interface CreateNativeCheckerInit {
  /** Elaborate.lean and Replay.lean, in lean-bundle. */
  readonly programs: { readonly elaborate: string; readonly replay: string };
  readonly identity: CheckerIdentity;
  readonly environment: Environment;
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
  components: NativeCheckerComponents,
  init: CreateNativeCheckerInit,
): WasmChecker {
  const { programs, jobs, memoryBytes = 6 * GB, allowUnsandboxed } = init;
  const elaborating = new LeanRunner(components, { jobs, memoryBytes });
  const judging = new LeanRunner(components, { jobs: 1, memoryBytes });
  return new WasmChecker(
    {
      elaborators: new NativeElaborator(elaborating, { program: programs.elaborate, allowUnsandboxed }),
      judges: components.judge ?? new NativeReplay(judging, programs.replay),
    },
    {
      identity: init.identity,
      environment: init.environment,
      defaultTimeoutMs: init.defaultTimeoutMs ?? 120_000,
      ...(init.modules ? { modules: init.modules } : {}),
    },
  );
}
