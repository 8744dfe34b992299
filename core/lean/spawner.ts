import { forkWorker, type WorkerProcess } from '../process/index.ts';

/** A worker's process. */
export type LeanProcess = WorkerProcess;

export interface SpawnRequest {
  /** The worker's module. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Directories that the process may read; it may read nothing else, write nothing and start nothing. */
  readonly readable: readonly string[];
}

export type LeanSpawner = (request: SpawnRequest) => LeanProcess;

/**
 * Nothing of the user's. Windows needs its system directory to start anything; glibc would give each of V8's compiling threads a
 * heap of its own, which costs some 50 MB.
 */
const ENVIRONMENT: NodeJS.ProcessEnv =
  process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] } : { MALLOC_ARENA_MAX: '2' };

/**
 * V8's own heap, in MB (Lean's memory is WebAssembly's); and its stack, in KB, as proofs are deep: half of what the first thread of
 * a process has on Linux and macOS. On Windows that is 1 MB, which V8's default is made for.
 */
const V8_FLAGS: readonly string[] = [
  '--max-old-space-size=512',
  ...(process.platform === 'win32' ? [] : ['--stack-size=3900']),
];

/** Starts workers with `child_process`, under Node's permission model and without the user's environment. */
export const spawnWithNode: LeanSpawner = ({ entry, args, readable }) => {
  const permissions = [
    '--permission',
    '--allow-worker',
    ...readable.map((directory) => `--allow-fs-read=${directory}`),
  ];
  const options = [...permissions, '--disable-warning=SecurityWarning', ...V8_FLAGS];
  return forkWorker({ entry, args, options, env: ENVIRONMENT });
};
