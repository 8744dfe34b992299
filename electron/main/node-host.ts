import { utilityProcess, type UtilityProcess } from 'electron';
import {
  ApiError,
  type ApiTransport,
  type StreamMessage,
  type TransportListener,
  type TransportMessage,
} from '../../core/api/index.ts';
import {
  fromWorkerSchema,
  type DesktopReadings,
  type FromWorker,
  type ToWorker,
} from '../ipc/worker-messages.ts';
import { PendingCalls } from './pending-calls.ts';
import { Restarts } from './restarts.ts';
import { WorkerChildren } from './worker-children.ts';

export interface NodeHostInit {
  /** The module of the node's process. */
  readonly entry: string;
  /** The module that the processes of Lean and llama.cpp begin with. */
  readonly childEntry: string;
  readonly readDesktop: () => DesktopReadings;
  readonly keepAwake: (awake: boolean) => void;
  /** The node's process has ended by itself. `again`: it is being started anew. */
  readonly onCrash: (crash: { readonly detail: string; readonly again: boolean }) => void;
}

/** Lean's attempts under way are put on disk meanwhile. */
const STOP_MS = 15_000;

interface Running {
  readonly process: UtilityProcess;
  readonly children: WorkerChildren;
  readonly since: number;
  readonly ended: Promise<void>;
}

/** Keeps the process that hosts the node running, and speaks core/api with it. */
export class NodeHost implements ApiTransport {
  readonly #init: NodeHostInit;
  readonly #listeners = new Set<TransportListener>();
  readonly #calls = new PendingCalls();
  readonly #restarts = new Restarts();
  #running: Running | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What the process said of its own failure. */
  #failure: string | undefined;
  #down = 'the node is being started';
  #crash: string | undefined;
  #stopping = false;

  constructor(init: NodeHostInit) {
    this.#init = init;
  }

  /** Also after the node has been given up; does nothing while it runs. */
  start(): void {
    if (this.#running !== undefined || this.#stopping) return;
    clearTimeout(this.#timer);
    this.#failure = undefined;
    const args = this.#crash === undefined ? [] : [`--after-crash=${this.#crash}`];
    const process = utilityProcess.fork(this.#init.entry, args, { serviceName: 'Proofswarm node' });
    const children = new WorkerChildren({ entry: this.#init.childEntry, worker: process });
    const { promise: ended, resolve } = Promise.withResolvers<undefined>();
    this.#running = { process, children, since: Date.now(), ended };
    process.on('message', (raw: unknown) => this.#receive(raw, process, children));
    process.once('exit', (code) => {
      children.killAll();
      resolve(undefined);
      this.#ended(code);
    });
  }

  /** By the user's wish, after all tries have failed. */
  startAgain(): void {
    this.#restarts.forgive();
    this.start();
  }

  async call(command: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (this.#running === undefined) throw new ApiError('disconnected', this.#down);
    return this.#calls.add(
      (id) => this.#send({ type: 'call', id, command, input }),
      (id) => this.#send({ type: 'cancel', id }),
      signal,
    );
  }

  subscribe(listener: TransportListener): () => void {
    // A function of its own each time: one who subscribes twice is told twice, and each undo undoes one.
    const own: TransportListener = (message) => listener(message);
    const begin = async (): Promise<void> => {
      try {
        const snapshot = await this.call('api.snapshot', {});
        own({ kind: 'snapshot', snapshot } as StreamMessage);
      } catch {
        own({ kind: 'disconnected', detail: this.#down });
      }
    };
    this.#listeners.add(own);
    void begin();
    return () => void this.#listeners.delete(own);
  }

  /** Something has changed that donation rules may ask for. */
  look(): void {
    this.#send({ type: 'look' });
  }

  /** Ends the node in good order, or else at once. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const running = this.#running;
    if (running === undefined) return;
    this.#send({ type: 'shut-down' });
    const kill = setTimeout(() => running.process.kill(), STOP_MS);
    await running.ended;
    clearTimeout(kill);
  }

  #receive(raw: unknown, process: UtilityProcess, children: WorkerChildren): void {
    const message = fromWorkerSchema.safeParse(raw);
    // Both are of one build: a message that cannot be understood is a fault, and its process not to be trusted further.
    if (!message.success) {
      this.#failure ??= 'the node sent something that cannot be understood';
      process.kill();
      return;
    }
    this.#handle(message.data, children);
  }

  #handle(message: FromWorker, children: WorkerChildren): void {
    switch (message.type) {
      case 'failed':
        this.#failure = message.detail;
        return;
      case 'stream':
        this.#tell(message.message);
        return;
      case 'reply':
        this.#calls.answer(message.id, message.reply);
        return;
      case 'read-desktop':
        this.#send({ type: 'desktop', id: message.id, readings: this.#init.readDesktop() });
        return;
      case 'keep-awake':
        this.#init.keepAwake(message.awake);
        return;
      case 'start-child':
        children.start(message);
        return;
      case 'kill-child':
        children.kill(message.child);
    }
  }

  #ended(code: number): void {
    const ranMs = Date.now() - (this.#running?.since ?? 0);
    this.#running = undefined;
    this.#init.keepAwake(false);
    const detail = this.#failure ?? `the node's process ended unexpectedly (exit code ${code})`;
    const delay = this.#stopping ? undefined : this.#restarts.next(ranMs);
    this.#down = this.#stopping
      ? 'the node is stopping'
      : delay === undefined
        ? `${detail}; it was started again several times without success`
        : `${detail}; it is being started again`;
    this.#calls.rejectAll(this.#down);
    this.#tell({ kind: 'disconnected', detail: this.#down });
    if (this.#stopping) return;
    this.#crash = detail.slice(0, 500);
    this.#init.onCrash({ detail, again: delay !== undefined });
    if (delay !== undefined) this.#timer = setTimeout(() => this.start(), delay);
  }

  #send(message: ToWorker): void {
    this.#running?.process.postMessage(message);
  }

  #tell(message: TransportMessage): void {
    for (const listener of [...this.#listeners]) listener(message);
  }
}
