import { fork } from 'node:child_process';
import path from 'node:path';

/** An inference process, however the host starts one: `child_process` under Node, `utilityProcess` in Electron. */
export interface InferenceProcess {
  readonly pid: number | undefined;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process has ended, with what it last wrote to standard error. */
  onExit(listener: (code: number | null, signal: string | null, stderrTail: string) => void): void;
  /** Ends the process at once; harmless where it has ended. */
  kill(): void;
}

export interface SpawnRequest {
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export type InferenceSpawner = (request: SpawnRequest) => InferenceProcess;

/** The module that a spawner is given to run. */
export const PROCESS_ENTRY = path.join(import.meta.dirname, 'process', 'worker.ts');

const STDERR_TAIL = 4096;

/**
 * Starts the process with `child_process`. It has no permission model: llama.cpp is native code, which that model does not
 * bind, and looking for GPUs needs the system's own directories and a process of node-llama-cpp's.
 */
export const spawnInference: InferenceSpawner = ({ entry, args, env }) => {
  const child = fork(entry, [...args], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
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

/** The process's environment: ours, less what would change how Node or llama.cpp is loaded, and with the chosen GPUs. */
export function inferenceEnvironment(devices: readonly number[] | undefined): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (value === undefined || key === 'NODE_OPTIONS' || key.startsWith('NODE_LLAMA_CPP_')) continue;
    env[key] = value;
  }
  if (devices !== undefined) {
    const list = devices.join(',');
    // An empty list hides every GPU from CUDA; Vulkan takes it for all, but then there is `cpu`.
    env['CUDA_VISIBLE_DEVICES'] = list;
    env['GGML_VK_VISIBLE_DEVICES'] = list;
    // As nvidia-smi counts, and as a user of several cards expects.
    env['CUDA_DEVICE_ORDER'] = 'PCI_BUS_ID';
  }
  return env;
}
