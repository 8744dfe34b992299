import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Duplex, Readable } from 'node:stream';
import { Frames, type Frame } from './frames.ts';

/** One end of a channel in the main process; once it is handed to another process, that one's pipe takes its place. */
export class MessagePortMain extends EventEmitter {
  peer: MessagePortMain | undefined;
  forward: ((data: unknown) => void) | undefined;
  onPeerClosed: () => void = () => undefined;

  postMessage(data: unknown): void {
    const { peer } = this;
    if (peer?.forward !== undefined) peer.forward(data);
    else peer?.emit('message', { data, ports: [] });
  }

  start(): void {}

  close(): void {
    this.peer?.onPeerClosed();
    this.peer?.emit('close');
  }
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();

  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  readonly serviceName?: string;
  readonly stdio?: readonly ('ignore' | 'pipe' | 'inherit')[];
}

/** Every process that was started, for tests to look at. */
export const utilityProcesses: UtilityProcess[] = [];
let lastPort = 0;

export class UtilityProcess extends EventEmitter {
  readonly serviceName: string | undefined;
  readonly args: readonly string[];
  readonly #child: ChildProcess;
  readonly #frames: Frames;
  readonly #ports = new Map<number, MessagePortMain>();

  constructor(entry: string, args: readonly string[], options: ForkOptions) {
    super();
    this.serviceName = options.serviceName;
    this.args = args;
    const [, stdout = 'inherit', stderr = 'inherit'] = options.stdio ?? [];
    this.#child = spawn(
      process.execPath,
      [
        ...(options.execArgv ?? []),
        '--disable-warning=ExperimentalWarning',
        `--import=${new URL('./parent-port.ts', import.meta.url).href}`,
        entry,
        ...args,
      ],
      { env: options.env ?? process.env, stdio: ['ignore', stdout, stderr, 'pipe'] },
    );
    this.#frames = new Frames(
      this.#child.stdio[3] as Duplex,
      (frame) => this.#receive(frame as Frame),
      () => undefined,
    );
    this.#child.once('spawn', () => this.emit('spawn'));
    this.#child.once('close', (code) => {
      for (const port of this.#ports.values()) port.close();
      this.emit('exit', code ?? 9);
    });
    utilityProcesses.push(this);
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  get stderr(): Readable | null {
    return this.#child.stderr;
  }

  postMessage(data: unknown, ports: readonly MessagePortMain[] = []): void {
    const ids = ports.map((port) => {
      const id = ++lastPort;
      this.#ports.set(id, port);
      port.forward = (sent) => this.#frames.send({ kind: 'port', port: id, data: sent } satisfies Frame);
      port.onPeerClosed = () => this.#frames.send({ kind: 'port-closed', port: id } satisfies Frame);
      return id;
    });
    this.#frames.send({ kind: 'message', data, ports: ids } satisfies Frame);
  }

  kill(): boolean {
    return this.#child.kill('SIGKILL');
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case 'message':
        this.emit('message', frame.data);
        return;
      case 'port':
        this.#ports.get(frame.port)?.postMessage(frame.data);
        return;
      case 'port-closed':
        this.#ports.get(frame.port)?.close();
        this.#ports.delete(frame.port);
    }
  }
}

export const utilityProcess = {
  fork: (entry: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess =>
    new UtilityProcess(entry, args, options),
};
