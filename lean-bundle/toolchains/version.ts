import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What `lean --version` says. */
export interface LeanVersion {
  /** E.g. `4.28.0` or `4.35.0-rc2`. */
  readonly version: string;
  /** The commit that it was built from, where it says so. */
  readonly commit?: string;
}

const VERSION = /^Lean \(version (\d+\.\d+\.\d+[\w.+-]*)([^\n]*)/m;
const COMMIT = /, commit ([0-9a-f]{7,40})\b/;
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT = 100_000;

export function parseVersion(output: string): LeanVersion | undefined {
  const [, version, rest = ''] = VERSION.exec(output) ?? [];
  if (version === undefined) return undefined;
  const commit = COMMIT.exec(rest)?.[1];
  return commit === undefined ? { version } : { version, commit };
}

/** Asks a `lean` for its version; undefined where it does not say. */
export async function readVersion(lean: string, signal?: AbortSignal): Promise<LeanVersion | undefined> {
  try {
    const { stdout } = await promisify(execFile)(lean, ['--version'], {
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT,
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    return parseVersion(stdout);
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** Whether a version is at least another one; a candidate for release (`-rc1`) counts as the release. */
export function isAtLeast(version: string, wanted: readonly [number, number, number]): boolean {
  const parts = version.split(/[.-]/).slice(0, 3).map(Number);
  for (const [i, least] of wanted.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
