import path from 'node:path';
import { forkWorker, type WorkerProcess } from '../../process/index.ts';

/** llama.cpp's process. */
export type InferenceProcess = WorkerProcess;

export interface SpawnRequest {
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export type InferenceSpawner = (request: SpawnRequest) => InferenceProcess;

/** The module that a spawner is given to run. */
export const PROCESS_ENTRY = path.join(import.meta.dirname, 'process', 'worker.ts');

/**
 * Starts the process with `child_process`. It has no permission model: llama.cpp is native code, which that model does not
 * bind, and looking for GPUs needs the system's own directories and a process of node-llama-cpp's.
 */
export const spawnInference: InferenceSpawner = ({ entry, args, env }) =>
  forkWorker({ entry, args, options: ['--disable-warning=ExperimentalWarning'], env });

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
