import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { findToolchains, type FoundToolchain, type NoToolchain } from '../../lean-bundle/toolchains/find.ts';
import {
  mathlibDirectory,
  readPrepared,
  type PreparedLibrary,
} from '../../lean-bundle/toolchains/mathlib.ts';
import { readPins } from '../../lean-bundle/toolchains/pins.ts';
import { isAtLeast } from '../../lean-bundle/toolchains/version.ts';
import { createNativeChecker, findSandbox, type SandboxState, type LeanChecker } from '../lean/index.ts';
import type { Environment } from '../record/index.ts';
import { installation, type Locations } from './locations.ts';

/** Mathlib, and the tag by which records name its commit. */
export interface PreparedMathlib extends PreparedLibrary {
  readonly tag: string;
}

/** A native Lean, with the Mathlib that was prepared for its version. */
export interface NativeLean {
  readonly toolchain: FoundToolchain;
  readonly mathlib?: PreparedMathlib;
}

export interface FindNativeLeanOptions {
  readonly locations: Pick<Locations, 'cache'>;
  /** A `lean` or a toolchain's directory that the user named; `PROOFSWARM_LEAN` where not given. */
  readonly setting?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Where this program puts toolchains, and libraries that were prepared for them. */
export function nativeDirectories({ cache }: Pick<Locations, 'cache'>): {
  toolchains: string;
  libraries: string;
} {
  return { toolchains: path.join(cache, 'toolchains'), libraries: path.join(cache, 'libraries') };
}

/** The native Leans of this machine, the preferred one first, and what was named and is none. */
export async function* findNativeLeans(
  options: FindNativeLeanOptions,
): AsyncGenerator<NativeLean | NoToolchain> {
  const { locations, env = process.env, signal } = options;
  const { toolchains, libraries } = nativeDirectories(locations);
  const setting = options.setting ?? (env['PROOFSWARM_LEAN'] === '' ? undefined : env['PROOFSWARM_LEAN']);
  for await (const toolchain of findToolchains({ setting, bundled: toolchains, env, signal })) {
    if ('reason' in toolchain) yield toolchain;
    else {
      const mathlib = await preparedFor(toolchain.version, libraries);
      yield mathlib === undefined ? { toolchain } : { toolchain, mathlib };
    }
  }
}

async function preparedFor(version: string, libraries: string): Promise<PreparedMathlib | undefined> {
  const pin = readPins().mathlib.find(({ lean }) => lean === version);
  if (pin === undefined) return undefined;
  const prepared = await readPrepared(mathlibDirectory(libraries, pin));
  return prepared?.revision === pin.revision ? { ...prepared, tag: pin.tag } : undefined;
}

/** What a native Lean can judge: with Mathlib where that is prepared, else the toolchain's own libraries. */
export function nativeEnvironment({ toolchain, mathlib }: NativeLean): Environment {
  const lean = toolchain.version;
  return mathlib === undefined
    ? { lean, library: 'core' }
    : { lean, library: 'mathlib', revision: mathlib.tag };
}

/** All that it can judge: Mathlib's world, and its own libraries. */
export function nativeEnvironments(lean: NativeLean): Environment[] {
  const preferred = nativeEnvironment(lean);
  return preferred.library === 'core' ? [preferred] : [preferred, { lean: preferred.lean, library: 'core' }];
}

export interface OpenNativeLeanOptions {
  readonly lean: NativeLean;
  readonly environment: Environment;
  /** Lean processes at one time. */
  readonly jobs: number;
  /** Looked for where not given. */
  readonly sandbox?: SandboxState;
  /** Check records of peers where there is no sandbox. */
  readonly allowUnsandboxed?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const COMPARATOR_SINCE = [4, 35, 0] as const;
const MATHLIB_MODULE =
  /^(Init|Std|Lean|Mathlib|Batteries|Aesop|Qq|ProofWidgets|Plausible|ImportGraph|LeanSearchClient)(\.[^\s.]+)*$/;

/** Makes a checker of a native Lean. */
export async function openNativeLean(options: OpenNativeLeanOptions): Promise<LeanChecker> {
  const { lean, environment, jobs, allowUnsandboxed = false, signal } = options;
  const { toolchain, mathlib } = lean;
  const sandbox = options.sandbox ?? (await findSandbox(signal ? { signal } : {}));
  const withMathlib = environment.library === 'mathlib' && mathlib !== undefined;
  const leanPath = withMathlib ? await Promise.all(mathlib.leanPath.map((item) => realpath(item))) : [];
  return createNativeChecker(
    {
      toolchain: { lean: toolchain.lean, directories: [toolchain.directory], leanPath },
      sandbox,
    },
    {
      programs: installation.nativePrograms,
      identity: {
        name: 'lean',
        version: `${toolchain.version}${toolchain.commit ? `+${toolchain.commit.slice(0, 12)}` : ''}`,
      },
      environment,
      jobs,
      allowUnsandboxed,
      ...(withMathlib ? { modules: MATHLIB_MODULE } : {}),
      ...comparatorOf(lean, environment),
    },
  );
}

/** Only Linux has a `lake comparator` that confines what it builds. */
function comparatorOf(
  { toolchain }: NativeLean,
  environment: Environment,
): { comparator?: { lake: string; searchPath: string } } {
  const usable = process.platform === 'linux' && environment.library === 'core';
  if (!usable || toolchain.lake === undefined || !isAtLeast(toolchain.version, COMPARATOR_SINCE)) return {};
  return { comparator: { lake: toolchain.lake, searchPath: process.env['PATH'] ?? '' } };
}
