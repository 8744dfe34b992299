import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { withLimits, type ResourceLimits } from './limits.ts';
import { runProcess, type Command } from './process.ts';
import { seccompFilter } from './seccomp.ts';

/** What a confined program is given. The longest file is what fits into its scratch directory. */
export interface Confinement extends Omit<ResourceLimits, 'fileBytes'> {
  /** Files and directories that it may read, at their own paths; beside these it sees only the system's libraries. */
  readonly readable: readonly string[];
}

/** Keeps a program from everything but its input and its output. */
export interface Sandbox {
  /** For people, e.g. `bubblewrap 0.8.0`. */
  readonly name: string;
  /** The command that runs a command confined and within limits. */
  confine(command: Command, confinement: Confinement): Command;
}

export type SandboxState =
  | { readonly kind: 'available'; readonly sandbox: Sandbox }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface FindSandboxOptions {
  /** Bubblewrap, where it is not the one on the PATH. */
  readonly program?: string;
  readonly platform?: NodeJS.Platform;
  readonly signal?: AbortSignal;
}

/** Room for temporary files, which are kept in memory. */
const SCRATCH_BYTES = 64 * 2 ** 20;
const PROBE_MS = 10_000;

/** Where Linux distributions keep the C library, its loader and shells; those that are there are shown read-only. */
const SYSTEM = [
  '/usr',
  '/bin',
  '/lib',
  '/lib32',
  '/lib64',
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/nix/store',
  '/gnu/store',
];

/**
 * The sandbox of this machine, after a trial. On Linux it is bubblewrap; docs/native-sandbox.md says what is planned for
 * macOS and Windows.
 */
export async function findSandbox(options: FindSandboxOptions = {}): Promise<SandboxState> {
  const { program = 'bwrap', platform = process.platform, signal } = options;
  if (platform !== 'linux') return { kind: 'unavailable', reason: `there is none for ${platform} yet` };
  const file = await locate(program);
  if (file === undefined) return { kind: 'unavailable', reason: 'bubblewrap (bwrap) is not installed' };
  const version = await read({ file, args: ['--version'], env: {} }, signal);
  const sandbox = bubblewrap(file, version.output.trim());
  const trial = sandbox.confine(
    { file: '/bin/sh', args: ['-c', 'echo inside'], env: {} },
    { readable: [], memoryBytes: 2 ** 30, cpuSeconds: 10 },
  );
  const { output, problem } = await read(trial, signal);
  return output.trim() === 'inside'
    ? { kind: 'available', sandbox }
    : { kind: 'unavailable', reason: `bubblewrap does not work here: ${problem}` };
}

/**
 * Bubblewrap: namespaces of its own for users, processes, the network, mounts, IPC and the host's name; nothing writable
 * but a small directory in memory; no capabilities; a filter of system calls; killed with whoever started it.
 */
function bubblewrap(file: string, name: string): Sandbox {
  const filter = seccompFilter();
  return {
    name,
    confine: (command, { readable, ...limits }) => {
      const args = [
        ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
        ...['--hostname', 'sandbox'],
        ...SYSTEM.flatMap((directory) => ['--ro-bind-try', directory, directory]),
        ...['--proc', '/proc', '--dev', '/dev'],
        ...['--perms', '0700', '--size', String(SCRATCH_BYTES), '--tmpfs', '/tmp'],
        ...readable.flatMap((item) => ['--ro-bind', item, item]),
        // What bubblewrap itself has laid out is memory without a bound.
        ...['--remount-ro', '/dev', '--remount-ro', '/'],
        ...Object.entries(command.env).flatMap(([key, value]) => ['--setenv', key, value]),
        ...['--setenv', 'HOME', '/tmp', '--setenv', 'TMPDIR', '/tmp', '--chdir', command.cwd ?? '/tmp'],
        ...(filter === undefined ? [] : ['--seccomp', '3']),
        ...['--', command.file, ...command.args],
      ];
      return withLimits(
        { file, args, env: {}, ...(filter === undefined ? {} : { inputs: [filter] }) },
        { ...limits, fileBytes: SCRATCH_BYTES },
      );
    },
  };
}

/** The absolute path of a program: as it is given, or from the PATH. */
async function locate(program: string): Promise<string | undefined> {
  const directories = path.isAbsolute(program) ? [''] : (process.env['PATH'] ?? '').split(path.delimiter);
  for (const directory of directories) {
    const file = path.join(directory, program);
    if (!path.isAbsolute(file)) continue;
    if (await access(file, constants.X_OK).then(() => true, () => false)) return file; // prettier-ignore
  }
  return undefined;
}

async function read(
  command: Command,
  signal: AbortSignal | undefined,
): Promise<{ output: string; problem: string }> {
  let output = '';
  const limits = { timeoutMs: PROBE_MS, maxOutputBytes: 10_000, signal };
  const end = await runProcess(command, limits, (chunk) => (output += chunk.toString()));
  const problem = 'errorTail' in end ? end.errorTail.trim() : end.kind;
  return { output, problem: problem === '' ? end.kind : problem };
}
