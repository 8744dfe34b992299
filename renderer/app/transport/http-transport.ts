import {
  ApiError,
  callReplySchema,
  streamMessageSchema,
  type ApiTransport,
  type TransportListener,
} from '../../../core/api/index.ts';
import { newestKey, pageKey } from './page-key.ts';

const RETRY_MS = [500, 1000, 2000, 4000, 8000] as const;

/** The web host of this page: commands are POST requests, events a stream that goes on where it was cut. */
export class HttpTransport implements ApiTransport {
  #key = pageKey();

  async call(command: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(`api/call/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-proofswarm-key': this.#key },
        body: JSON.stringify(input),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new ApiError('disconnected', 'the node does not answer', error);
    }
    const text = await response.text();
    const reply = callReplySchema.safeParse(parseJson(text));
    if (!reply.success) {
      throw new ApiError('disconnected', text.slice(0, 300) || `the node answered ${response.status}`);
    }
    if (reply.data.ok) return reply.data.output;
    throw new ApiError(reply.data.error.code, reply.data.error.message);
  }

  subscribe(listener: TransportListener): () => void {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let last = '';
    let closed = false;
    /** How often the stream has been cut, and after which cut the last snapshot came. */
    let cuts = 0;
    let synced = 0;

    const open = (): void => {
      const query = new URLSearchParams({ key: this.#key, ...(last === '' ? {} : { after: last }) });
      source = new EventSource(`api/events?${query}`);
      source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
        const message = streamMessageSchema.safeParse(parseJson(data));
        if (!message.success) {
          listener({ kind: 'disconnected', detail: 'the node speaks another version; reload the page' });
          return;
        }
        failures = 0;
        last = lastEventId;
        if (message.data.kind === 'snapshot') synced = cuts;
        listener(message.data);
      };
      source.onopen = () => void resync();
      source.onerror = () => {
        // A browser tries again by itself only after a stream that had begun well; one rhythm for both is simpler.
        source?.close();
        void retry();
      };
    };
    // A stream that goes on where it was cut says nothing where nothing has happened meanwhile.
    const resync = async (): Promise<void> => {
      if (synced === cuts) return;
      const snapshot = await this.call('api.snapshot', {}).catch(() => undefined);
      const message = streamMessageSchema.safeParse({ kind: 'snapshot', snapshot });
      // Where it is not to be had the stream is cut, too, and all begins anew.
      if (closed || synced === cuts || !message.success) return;
      synced = cuts;
      failures = 0;
      listener(message.data);
    };
    const retry = async (): Promise<void> => {
      this.#key = newestKey();
      const detail = await this.#whyClosed();
      if (closed) return;
      cuts++;
      listener({ kind: 'disconnected', detail });
      timer = setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
    };

    open();
    return () => {
      closed = true;
      clearTimeout(timer);
      source?.close();
    };
  }

  /** A stream's error says nothing; an ordinary request tells a node that is gone from one that does not know us. */
  async #whyClosed(): Promise<string> {
    try {
      const response = await fetch('api/events', {
        method: 'HEAD',
        headers: { 'x-proofswarm-key': this.#key },
      });
      if (response.status === 401) {
        return 'this browser is not known to the node: open the address that the node has printed';
      }
      return 'the connection to the node was cut';
    } catch {
      return 'the node does not answer; is it still running?';
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
