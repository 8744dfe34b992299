import { fork } from 'node:child_process';

/** A worker process, however the host starts one: `child_process` under Node, `utilityProcess` in Electron. */
export interface LeanProcess {
  readonly pid: number | undefined;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process has ended, with what it last wrote to standard error. */
  onExit(listener: (code: number | null, signal: string | null, stderrTail: string) => void): void;
  /** Ends the process at once; harmless where it has ended. */
  kill(): void;
}

export interface SpawnRequest {
  /** The worker's module. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Directories that the process may read; it may read nothing else, write nothing and start nothing. */
  readonly readable: readonly string[];
}

export type LeanSpawner = (request: SpawnRequest) => LeanProcess;

const STDERR_TAIL = 4096;

/**
 * Nothing of the user's. Windows needs its system directory to start anything; glibc would give each of V8's compiling threads a
 * heap of its own, which costs some 50 MB.
 */
const ENVIRONMENT: NodeJS.ProcessEnv =
  process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] } : { MALLOC_ARENA_MAX: '2' };

/** Starts workers with `child_process`, under Node's permission model and without the user's environment. */
export const spawnWithNode: LeanSpawner = ({ entry, args, readable }) => {
  const permissions = [
    '--permission',
    '--allow-worker',
    ...readable.map((directory) => `--allow-fs-read=${directory}`),
  ];
  const child = fork(entry, [...args], {
    execArgv: [...permissions, '--disable-warning=SecurityWarning', '--max-old-space-size=512'],
    env: ENVIRONMENT,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  return {
    pid: child.pid,
    send: (message) => {
      // A process that has just ended is reported by its exit; the callback keeps its broken channel from throwing.
      child.send(message, () => {});
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (code: number | null, signal: string | null): void => {
        if (told) return;
        told = true;
        listener(code, signal, stderr);
      };
      child.on('close', tell);
      child.on('error', (error) => {
        stderr += String(error);
        // Where the process was never started, nothing closes.
        if (child.pid === undefined) tell(null, null);
      });
    },
    kill: () => void child.kill('SIGKILL'),
  };
};
