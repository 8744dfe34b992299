import path from 'node:path';
import { errorInWords, forkWorker, type ForkInit, type WorkerProcess } from '../../process/index.ts';
import { BankClosedError, BankProcessError } from '../errors.ts';
import type { BankEvent, BankListener } from '../events.ts';
import { isUnstored, toError } from './faults.ts';
import type { CallRequest, Method, NextRequest, Reply, Request } from './messages.ts';

export interface BankProcessInit {
  /** Absolute. */
  readonly directory: string;
  /**
   * After how many milliseconds in which nothing was asked the process ends, until something is asked again. Ten seconds
   * unless set, and longer where opening the bank takes long: each start reads all of a large one.
   */
  readonly idleMs?: number;
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
const IDLE_MS = 10_000;
/** Times as long as opening took. */
const IDLE_OPENINGS = 20;
/** Damaged lines and rows that are told of once, however often the bank is opened: they stay where they are. */
const MAX_TOLD = 1000;
/** Times that one request is asked of a process that ends instead of answering. */
const TRIES = 3;
/** What must be kept is asked more often than what may have been the end of the process. */
const KEEPING: ReadonlySet<string> = new Set(['insert', 'recordAttempts'] satisfies Method[]);
const KEEPING_TRIES = 5;

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
  readonly #gone = new WeakMap<WorkerProcess, Promise<void>>();
  #child: WorkerProcess | undefined;
  #calls = 0;
  #idle: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #settled: (() => void) | undefined;
  readonly #told = new Set<string>();
  /** When the process was started, until it has answered. */
  #starting: number | undefined;
  /** How long the slowest opening took, in milliseconds. */
  #opening = 0;
  /** The process has rows in memory for which there was no room on the disk; the journal has them, but opening would fail. */
  #isFull = false;

  constructor(init: BankProcessInit) {
    this.#init = init;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
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
    try {
      this.#child ??= this.#start();
      this.#child.send(pending.request);
    } catch (error) {
      // No memory for another process, or nothing that can be sent.
      this.#pending.delete(pending.request.call);
      pending.reject(new BankProcessError(errorInWords(error), ''));
      this.#rest();
    }
  }

  #start(): WorkerProcess {
    const { directory, start = forkWorker } = this.#init;
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
      if (reply.type === 'event') this.#tell(reply.event);
      else this.#settle(reply);
    });
    this.#starting = performance.now();
    this.#isFull = false;
    return child;
  }

  #settle(reply: Exclude<Reply, { type: 'event' }>): void {
    if (this.#starting !== undefined)
      this.#opening = Math.max(this.#opening, performance.now() - this.#starting);
    this.#starting = undefined;
    const pending = this.#pending.get(reply.call);
    this.#pending.delete(reply.call);
    if (reply.type === 'value') {
      if (pending?.request.method === 'insert') this.#isFull = false;
      pending?.resolve(reply.value);
    } else {
      if (pending?.request.method === 'insert' && isUnstored(reply.fault)) this.#isFull = true;
      pending?.reject(toError(reply.fault));
    }
    this.#rest();
  }

  #tell(event: BankEvent): void {
    if (event.type === 'journal-corrupt' || event.type === 'row-corrupt') {
      // Each process takes the journals of those before it over, under another name.
      const text = event.type === 'row-corrupt' ? event.id : `${event.offset} ${event.detail}`;
      if (this.#told.has(text)) return;
      if (this.#told.size < MAX_TOLD) this.#told.add(text);
    }
    this.#init.onEvent(event);
  }

  /** The process has ended by itself. What a new one can answer as well is asked of it. */
  #lost(how: string, stderr: string): void {
    this.#child = undefined;
    for (const [call, pending] of this.#pending) {
      const { request } = pending;
      const again = request.type === 'call' || request.first;
      const tries = KEEPING.has(request.method) ? KEEPING_TRIES : TRIES;
      if (again && pending.tries < tries) this.#send(pending);
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
    if (this.#streams.size > 0 || this.#child === undefined || this.#isFull) return;
    clearTimeout(this.#idle);
    const { idleMs = Math.max(IDLE_MS, IDLE_OPENINGS * this.#opening) } = this.#init;
    this.#idle = setTimeout(() => this.#dismiss(), idleMs).unref();
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
