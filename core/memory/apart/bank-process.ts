import path from 'node:path';
import { forkWorker, type ForkInit, type WorkerProcess } from '../../process/index.ts';
import { BankClosedError, BankProcessError } from '../errors.ts';
import type { BankListener } from '../events.ts';
import { toError } from './faults.ts';
import type { CallRequest, NextRequest, Reply, Request } from './messages.ts';

export interface BankProcessInit {
  /** Absolute. */
  readonly directory: string;
  /** After how many milliseconds in which nothing was asked the process ends, until something is asked again. */
  readonly idleMs: number;
  readonly onEvent: BankListener;
  readonly start?: (init: ForkInit) => WorkerProcess;
}

type Asked = CallRequest | NextRequest;

interface Pending {
  readonly request: Asked;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  tries: number;
}

const ENTRY = path.join(import.meta.dirname, 'worker.ts');
/** Times that one request is asked of a process that ends instead of answering. */
const TRIES = 3;

/**
 * The process that has the bank open: started when something is asked, ended when nothing has been for a while, and
 * started again where it dies, with what it had not answered asked once more.
 */
export class BankProcess {
  readonly #init: BankProcessInit;
  readonly #pending = new Map<number, Pending>();
  readonly #streams = new Set<number>();
  /** Of processes that were told to end. */
  readonly #leaving = new Set<Promise<void>>();
  #child: WorkerProcess | undefined;
  #calls = 0;
  #idle: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #settled: (() => void) | undefined;

  constructor(init: BankProcessInit) {
    this.#init = init;
  }

  /** Undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  call(method: CallRequest['method'], args: readonly unknown[]): Promise<unknown> {
    return this.#ask((call) => ({ type: 'call', call, method, args }));
  }

  async *stream(method: NextRequest['method']): AsyncGenerator {
    const stream = this.#calls++;
    this.#streams.add(stream);
    try {
      for (let first = true; ; first = false) {
        const items = await this.#ask((call) => ({ type: 'next', call, stream, method, first }));
        if (!Array.isArray(items)) return;
        yield* items as unknown[];
      }
    } finally {
      this.#streams.delete(stream);
      this.#child?.send({ type: 'end', stream } satisfies Request);
      this.#rest();
    }
  }

  /** Waits for what is under way. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #ask(make: (call: number) => Asked): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.reject(new BankClosedError());
    const call = this.#calls++;
    return new Promise((resolve, reject) => {
      const pending = { request: make(call), resolve, reject, tries: 0 };
      this.#pending.set(call, pending);
      this.#send(pending);
    });
  }

  #send(pending: Pending): void {
    clearTimeout(this.#idle);
    pending.tries += 1;
    this.#child ??= this.#start();
    this.#child.send(pending.request);
  }

  #start(): WorkerProcess {
    const { directory, onEvent, start = forkWorker } = this.#init;
    const child = start({ entry: ENTRY, args: [directory], options: [], env: process.env });
    const gone = new Promise<void>((resolve) => {
      child.onExit((code, signal, stderr) => {
        resolve();
        this.#leaving.delete(gone);
        if (child === this.#child) this.#lost(signal ?? `exit code ${code}`, stderr);
      });
    });
    this.#gone.set(child, gone);
    child.onMessage((message) => {
      const reply = message as Reply;
      if (reply.type === 'event') onEvent(reply.event);
      else this.#settle(reply);
    });
    return child;
  }

  readonly #gone = new WeakMap<WorkerProcess, Promise<void>>();

  #settle(reply: Exclude<Reply, { type: 'event' }>): void {
    const pending = this.#pending.get(reply.call);
    this.#pending.delete(reply.call);
    if (reply.type === 'value') pending?.resolve(reply.value);
    else pending?.reject(toError(reply.fault));
    this.#rest();
  }

  /** The process has ended by itself. What a new one can answer as well is asked of it. */
  #lost(how: string, stderr: string): void {
    this.#child = undefined;
    for (const [call, pending] of this.#pending) {
      const { request } = pending;
      const again = request.type === 'call' || request.first;
      if (again && pending.tries < TRIES) this.#send(pending);
      else {
        this.#pending.delete(call);
        pending.reject(new BankProcessError(how, stderr));
      }
    }
    this.#rest();
  }

  #rest(): void {
    if (this.#pending.size > 0) return;
    this.#settled?.();
    if (this.#streams.size > 0 || this.#child === undefined) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#dismiss(), this.#init.idleMs).unref();
  }

  #dismiss(): void {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.send({ type: 'close' } satisfies Request);
    const gone = this.#gone.get(child);
    if (gone !== undefined) this.#leaving.add(gone);
  }

  async #close(): Promise<void> {
    if (this.#pending.size > 0)
      await new Promise<void>((resolve) => {
        this.#settled = resolve;
      });
    clearTimeout(this.#idle);
    this.#dismiss();
    await Promise.all(this.#leaving);
  }
}
