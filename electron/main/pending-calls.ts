import { ApiError, type CallReply } from '../../core/api/index.ts';

interface Pending {
  resolve(output: unknown): void;
  reject(error: Error): void;
}

/** Commands that the node's process has not answered yet. */
export class PendingCalls {
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  /**
   * @param send called with the number under which the answer will come
   * @param cancel called where the signal is aborted first
   * @throws ApiError; the signal's reason once aborted
   */
  async add(
    send: (id: number) => void,
    cancel: (id: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    const abort = (): void => {
      cancel(id);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      send(id);
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#pending.delete(id);
    }
  }

  answer(id: number, reply: CallReply): void {
    const pending = this.#pending.get(id);
    if (reply.ok) pending?.resolve(reply.output);
    else pending?.reject(new ApiError(reply.error.code, reply.error.message));
  }

  rejectAll(detail: string): void {
    for (const pending of this.#pending.values()) pending.reject(new ApiError('disconnected', detail));
  }
}
