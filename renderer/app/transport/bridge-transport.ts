import {
  ApiError,
  callReplySchema,
  streamMessageSchema,
  type ApiTransport,
  type DesktopBridge,
  type TransportListener,
} from '../../../core/api/index.ts';

/** The desktop app: over what its preload has put on `window`. */
export class BridgeTransport implements ApiTransport {
  readonly #bridge: DesktopBridge;
  #calls = 0;

  constructor(bridge: DesktopBridge) {
    this.#bridge = bridge;
  }

  async call(command: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const id = `call-${++this.#calls}`;
    const cancel = (): void => this.#bridge.cancel(id);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const reply = callReplySchema.safeParse(await this.#bridge.call(id, command, input));
      signal?.throwIfAborted();
      if (!reply.success) throw new ApiError('internal', 'the app answered with something else');
      if (reply.data.ok) return reply.data.output;
      throw new ApiError(reply.data.error.code, reply.data.error.message);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  subscribe(listener: TransportListener): () => void {
    return this.#bridge.subscribe((raw) => {
      const message = streamMessageSchema.safeParse(raw);
      if (message.success) listener(message.data);
      else listener({ kind: 'disconnected', detail: detailOf(raw) });
    });
  }
}

function detailOf(raw: unknown): string {
  const detail = typeof raw === 'object' && raw !== null && 'detail' in raw ? raw.detail : undefined;
  return typeof detail === 'string' ? detail.slice(0, 500) : 'the app cannot be understood';
}
