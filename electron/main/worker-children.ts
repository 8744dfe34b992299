import { MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import { MAX_STDERR, type ChildRole, type FromWorker, type ToWorker } from '../ipc/worker-messages.ts';

type StartChild = Extract<FromWorker, { type: 'start-child' }>;

export interface WorkerChildrenInit {
  /** The module that a child begins with; it loads the program of its role. */
  readonly entry: string;
  readonly worker: Pick<UtilityProcess, 'postMessage'>;
}

/** Lean keeps a few workers, llama.cpp one process: more than this is a fault. */
const MAX_CHILDREN = 600;
const NAMES: Readonly<Record<ChildRole, string>> = { lean: 'Lean', inference: 'llama.cpp', cards: 'Cards' };
/** As without the app: V8's own heap, in MB, and its stack, in KB, of which Windows gives a first thread no more than V8's default. */
const LEAN_FLAGS = [
  '--max-old-space-size=512',
  ...(process.platform === 'win32' ? [] : ['--stack-size=3900']),
];
const LOADER_VARIABLES = new Set(['NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE']);

/**
 * Starts Lean and llama.cpp for the node's process, since only the main process can start one. What they say goes through
 * a port of their own, past the main process. They end with the node that asked for them.
 */
export class WorkerChildren {
  readonly #init: WorkerChildrenInit;
  readonly #children = new Map<number, UtilityProcess>();

  constructor(init: WorkerChildrenInit) {
    this.#init = init;
  }

  start({ child: id, role, args, env }: StartChild): void {
    if (this.#children.has(id) || this.#children.size >= MAX_CHILDREN) {
      this.#tell({ type: 'child-exited', child: id, code: null, stderr: 'too many processes' });
      return;
    }
    const process = utilityProcess.fork(this.#init.entry, [role, ...args], {
      serviceName: NAMES[role],
      env: childEnvironment(env),
      execArgv: role === 'lean' ? LEAN_FLAGS : [],
      stdio: ['ignore', 'ignore', 'pipe'],
      // llama.cpp's back ends are libraries that the app's signature does not cover.
      allowLoadingUnsignedLibraries: role !== 'lean',
    });
    this.#children.set(id, process);
    let stderr = '';
    process.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-MAX_STDERR);
    });
    const { port1, port2 } = new MessageChannelMain();
    process.postMessage({ type: 'port' }, [port1]);
    this.#tell({ type: 'child-port', child: id }, [port2]);
    process.once('spawn', () => {
      if (process.pid !== undefined) this.#tell({ type: 'child-started', child: id, pid: process.pid });
    });
    process.once('exit', (code) => {
      this.#children.delete(id);
      this.#tell({ type: 'child-exited', child: id, code, stderr });
    });
  }

  kill(id: number): void {
    this.#children.get(id)?.kill();
  }

  /** Their node is gone: nobody hears them any more. */
  killAll(): void {
    for (const process of this.#children.values()) process.kill();
  }

  #tell(message: ToWorker, ports: Electron.MessagePortMain[] = []): void {
    this.#init.worker.postMessage(message, ports);
  }
}

/** What Windows needs to start anything is added; what changes how Node is loaded is taken away. */
function childEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !LOADER_VARIABLES.has(name));
  const root = process.platform === 'win32' ? process.env['SystemRoot'] : undefined;
  return { ...(root === undefined ? {} : { SystemRoot: root }), ...Object.fromEntries(kept) };
}
