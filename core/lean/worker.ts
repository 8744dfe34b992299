import { LeanUnavailableError } from './errors.ts';
import {
  MEMORY_NOTICE,
  workerMessageSchema,
  type WorkerHealth,
  type WorkerMessage,
  type WorkerRequest,
} from './protocol/index.ts';
import type { LeanProcess } from './spawner.ts';

/** How a request to a worker ended. All but `answered` and `refused` mean that the worker is gone. */
export type WorkerReply =
  | { readonly kind: 'answered'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly reason: 'unknown-module' | 'bad-request'; readonly detail: string }
  | { readonly kind: 'exhausted'; readonly resource: 'time' | 'memory'; readonly detail: string }
  | { readonly kind: 'crashed'; readonly detail: string };

/**
 * A cancelled request may go on for so long before its worker is killed for it: about what a new worker costs, so that at
 * worst twice the least possible is spent, and a request that is nearly done costs no worker.
 */
const GRACE_MS = 2000;

export interface WorkerInit {
  /** A worker that is not ready after so long is given up. */
  readonly startTimeoutMs: number;
}

/** One Lean worker process: asked one thing at a time, killed when it takes too long. */
export class LeanWorker {
  readonly #process: LeanProcess;
  readonly #ready: Promise<void>;
  readonly #exited: Promise<void>;
  #alive = true;
  #health: WorkerHealth = { residentBytes: 0, wasmBytes: 0 };
  #requests = 0;
  #reserved = false;
  #idle: Promise<void> = Promise.resolve();
  #pending: { id: number; settle: (reply: WorkerReply) => void } | undefined;

  constructor(process: LeanProcess, { startTimeoutMs }: WorkerInit) {
    this.#process = process;
    const ready = Promise.withResolvers<undefined>();
    const exited = Promise.withResolvers<undefined>();
    this.#ready = ready.promise;
    this.#exited = exited.promise;
    // Its failure is seen by whoever waits; a worker that nobody waited for must not bring the process down.
    this.#ready.catch(() => {});
    const timer = setTimeout(() => {
      ready.reject(new LeanUnavailableError(`a Lean worker was not ready after ${startTimeoutMs / 1000} s`));
      process.kill();
    }, startTimeoutMs);
    process.onMessage((message) => {
      const parsed = workerMessageSchema.safeParse(message);
      if (!parsed.success) {
        this.#settle({ kind: 'crashed', detail: 'the Lean worker sent something unintelligible' });
        this.kill();
        return;
      }
      if (parsed.data.type === 'ready') {
        clearTimeout(timer);
        ready.resolve(undefined);
      }
      this.#receive(parsed.data);
    });
    process.onExit((code, signal, stderr) => {
      clearTimeout(timer);
      this.#alive = false;
      const reason = signal ?? `exit code ${code ?? 'unknown'}`;
      ready.reject(
        new LeanUnavailableError(`a Lean worker ended before it was ready (${reason}): ${stderr.trim()}`),
      );
      const notice = stderr.split('\n').findLast((line) => line.startsWith(MEMORY_NOTICE));
      this.#settle(
        notice === undefined
          ? { kind: 'crashed', detail: `the Lean worker ended (${reason})` }
          : { kind: 'exhausted', resource: 'memory', detail: notice },
      );
      exited.resolve(undefined);
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  get busy(): boolean {
    return this.#reserved;
  }

  /** Marks the worker as busy until the next `ask` has ended. */
  reserve(): void {
    this.#reserved = true;
  }

  /** Resolves when the process is gone. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get health(): WorkerHealth {
    return this.#health;
  }

  /** Requests answered so far. */
  get requests(): number {
    return this.#requests;
  }

  /** Resolves once the libraries are loaded; rejects with LeanUnavailableError where that fails. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /**
   * Asks the worker one thing. Never rejects for what Lean does.
   * @throws the signal's reason as soon as it is aborted; the worker stays busy until it is done, or else is killed, as there
   * is no other way to stop it (see `idle`)
   */
  async ask(
    request: WorkerRequest,
    { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<WorkerReply> {
    if (this.#pending !== undefined) throw new TypeError('the worker is busy');
    this.#reserved = !(signal?.aborted ?? false);
    signal?.throwIfAborted();
    const answer = this.#ask(request, timeoutMs).finally(() => (this.#reserved = false));
    const ended = (): void => {};
    this.#idle = answer.then(ended, ended);
    if (signal === undefined) return answer;
    const { promise: cancelled, reject } = Promise.withResolvers<never>();
    let grace: NodeJS.Timeout | undefined;
    const abort = (): void => {
      reject(signal.reason as Error);
      grace = setTimeout(() => this.kill(), GRACE_MS);
      void this.#idle.then(() => clearTimeout(grace));
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([answer, cancelled]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Resolves when the last request has come to its end, which may be after its asker was told that it is cancelled. */
  get idle(): Promise<void> {
    return this.#idle;
  }

  async #ask(request: WorkerRequest, timeoutMs: number): Promise<WorkerReply> {
    if (!this.#alive) return { kind: 'crashed', detail: 'the Lean worker has ended' };
    const id = this.#requests++;
    const { promise, resolve } = Promise.withResolvers<WorkerReply>();
    this.#pending = { id, settle: resolve };
    const timer = setTimeout(() => {
      this.#settle({ kind: 'exhausted', resource: 'time', detail: `no answer within ${timeoutMs / 1000} s` });
      this.kill();
    }, timeoutMs);
    try {
      this.#process.send({ ...request, id });
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process at once. */
  kill(): void {
    this.#alive = false;
    this.#settle({ kind: 'crashed', detail: 'the Lean worker was ended' });
    this.#process.kill();
  }

  /** Ends the process and waits until it is gone. */
  async dispose(): Promise<void> {
    this.kill();
    await this.#exited;
  }

  #receive(message: WorkerMessage): void {
    if (message.type === 'ready') {
      this.#health = message.health;
      return;
    }
    if (message.id !== this.#pending?.id) return;
    switch (message.type) {
      case 'result':
        this.#health = message.health;
        this.#settle({ kind: 'answered', result: message.result });
        break;
      case 'refused':
        this.#health = message.health;
        this.#settle({ kind: 'refused', reason: message.reason, detail: message.detail });
        break;
      case 'fault':
        this.#alive = false;
        this.#settle(
          message.cause === 'trap'
            ? { kind: 'crashed', detail: `Lean broke down: ${message.detail}` }
            : {
                kind: 'exhausted',
                resource: 'memory',
                detail: `out of ${message.cause}: ${message.detail}`,
              },
        );
        this.#process.kill();
        break;
    }
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.settle(reply);
  }
}
