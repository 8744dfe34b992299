import type { MessagePortMain } from 'electron';
import type { LeanProcess, LeanSpawner } from '../../core/lean/index.ts';
import type { InferenceSpawner } from '../../core/policy/llama/index.ts';
import type { AskCards } from '../../core/policy/models/index.ts';
import type { ChildRole, ToWorker } from '../ipc/worker-messages.ts';
import type { Parent } from './parent.ts';

type ExitListener = (code: number | null, signal: string | null, stderrTail: string) => void;

/** Drivers may take their time at the first start. */
const CARDS_MS = 60_000;

/** A process that the main process starts for this one; what is sent before its port has come waits. */
class Child implements LeanProcess {
  readonly #kill: () => void;
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #exitListeners: ExitListener[] = [];
  #waiting: object[] = [];
  #port: MessagePortMain | undefined;
  #ended: { readonly code: number | null; readonly stderr: string } | undefined;
  pid: number | undefined;

  constructor(kill: () => void) {
    this.#kill = kill;
  }

  send(message: object): void {
    if (this.#ended !== undefined) return;
    if (this.#port === undefined) this.#waiting.push(message);
    else this.#port.postMessage(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener);
  }

  onExit(listener: ExitListener): void {
    const ended = this.#ended;
    if (ended === undefined) this.#exitListeners.push(listener);
    else queueMicrotask(() => listener(ended.code, null, ended.stderr));
  }

  kill(): void {
    if (this.#ended === undefined) this.#kill();
  }

  connect(port: MessagePortMain): void {
    this.#port = port;
    port.on('message', ({ data }) => {
      for (const listener of this.#messageListeners) listener(data);
    });
    port.start();
    for (const message of this.#waiting) port.postMessage(message);
    this.#waiting = [];
  }

  end(code: number | null, stderr: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = { code, stderr };
    this.#port?.close();
    for (const listener of this.#exitListeners) listener(code, null, stderr);
  }
}

/** Starts the processes of Lean and llama.cpp by way of the main process, as nothing else can once running as Node is off. */
export class Children {
  readonly #parent: Pick<Parent, 'send'>;
  readonly #children = new Map<number, Child>();
  #last = 0;

  constructor({ parent }: { readonly parent: Pick<Parent, 'send'> }) {
    this.#parent = parent;
  }

  /** Its module is that of its role, whatever the request names; what it may read cannot be limited here. */
  readonly spawnLean: LeanSpawner = ({ args }) => this.#start('lean', args, {});

  readonly spawnInference: InferenceSpawner = ({ args, env }) => this.#start('inference', args, env);

  /** What llama.cpp sees of this machine's cards. @throws the signal's reason, or why nothing was said */
  readonly askCards: AskCards = async (signal) => {
    const limit = AbortSignal.any([AbortSignal.timeout(CARDS_MS), ...(signal === undefined ? [] : [signal])]);
    limit.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const child = this.#start('cards', [], {});
    child.onMessage((line) => resolve(String(line)));
    child.onExit((code) =>
      reject(new Error(`the process that asks for cards ended (exit code ${code ?? 'unknown'})`)),
    );
    limit.addEventListener('abort', () => reject(limit.reason as Error), { once: true });
    try {
      return await promise;
    } finally {
      child.kill();
    }
  };

  /** What the main process says of a child. Returns whether it was that. */
  handle(message: ToWorker, [port]: readonly MessagePortMain[]): boolean {
    switch (message.type) {
      case 'child-port':
        if (port !== undefined) this.#children.get(message.child)?.connect(port);
        return true;
      case 'child-started': {
        const child = this.#children.get(message.child);
        if (child !== undefined) child.pid = message.pid;
        return true;
      }
      case 'child-exited':
        this.#children.get(message.child)?.end(message.code, message.stderr);
        this.#children.delete(message.child);
        return true;
      default:
        return false;
    }
  }

  #start(role: ChildRole, args: readonly string[], env: Readonly<Record<string, string>>): Child {
    const id = ++this.#last;
    const child = new Child(() => this.#parent.send({ type: 'kill-child', child: id }));
    this.#children.set(id, child);
    this.#parent.send({ type: 'start-child', child: id, role, args: [...args], env: { ...env } });
    return child;
  }
}
