import { fork } from 'node:child_process';

export { releaseMemory } from './release-memory.ts';
export {
  describeSystemError,
  errorInWords,
  systemErrorCode,
  whyNotListening,
  whyUnreadable,
  whyUnwritable,
} from './system-errors.ts';

/** A process of ours that answers messages, however the host starts one: `child_process` under Node, `utilityProcess` in Electron. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process has ended, with what it last wrote to standard error. */
  onExit(listener: (code: number | null, signal: string | null, stderrTail: string) => void): void;
  /** Ends the process at once; harmless where it has ended. */
  kill(): void;
}

export interface ForkInit {
  /** The module that it runs. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Node's own options. */
  readonly options: readonly string[];
  /** The whole environment: nothing of this process's is added. */
  readonly env: NodeJS.ProcessEnv;
}

const STDERR_TAIL = 4096;

/** Starts a module with `child_process`. What it writes to standard output is dropped. */
export function forkWorker({ entry, args, options, env }: ForkInit): WorkerProcess {
  const child = fork(entry, [...args], {
    execArgv: [...options],
    env,
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
      // A process that has ended, or never began, is reported by its exit; the callback keeps its broken channel from throwing.
      if (child.connected) child.send(message, () => {});
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
}
