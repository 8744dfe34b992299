import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NativeToolchain } from '../../core/lean/index.ts';
import { PREPARED } from './lean.ts';
import { PROJECT } from './paths.ts';

/** A directory laid out as an official toolchain, whose `lean` is the embedded Lean (see native-shim.ts). */
export interface ShimToolchain extends NativeToolchain, AsyncDisposable {
  readonly directory: string;
}

export async function shimToolchain(): Promise<ShimToolchain> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-toolchain-'));
  await mkdir(path.join(directory, 'bin'));
  const lean = await writeProgram(
    path.join(directory, 'bin', 'lean'),
    `exec '${process.execPath}' --disable-warning=ExperimentalWarning '${path.join(PROJECT, 'test/support/native-shim.ts')}' '${PREPARED}' "$@"`,
  );
  return {
    directory,
    lean,
    directories: [directory, PROJECT, path.dirname(process.execPath)],
    leanPath: [],
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Writes an executable shell script and tells its path. */
export async function writeProgram(file: string, ...lines: readonly string[]): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${lines.join('\n')}\n`);
  await chmod(file, 0o755);
  return file;
}

/** Our programs in Lean. */
export const NATIVE_PROGRAMS = {
  elaborate: path.join(PROJECT, 'lean-bundle/native/Elaborate.lean'),
  replay: path.join(PROJECT, 'lean-bundle/native/Replay.lean'),
};
