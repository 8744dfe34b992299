import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { callReplySchema, streamMessageSchema } from '../wire.ts';
import type { ApiTransport, TransportListener } from './transport.ts';

/** What a browser's `EventSource` is, as far as it is used here. */
export interface EventSourceLike {
  onmessage: ((event: { readonly data: string }) => void) | null;
  onerror: (() => void) | null;
  close(): void;
}

export interface HttpTransportInit {
  /** E.g. `http://127.0.0.1:4180`; the page's own origin where empty. */
  readonly base?: string;
  readonly fetch?: typeof fetch;
  /** Makes an event source, which connects again by itself. */
  readonly open: (url: string) => EventSourceLike;
}

/** Speaks to the web host of a node. */
export function httpTransport({ base = '', fetch: send = fetch, open }: HttpTransportInit): ApiTransport {
  return {
    async call(command, input, signal) {
      let response: Response;
      try {
        response = await send(`${base}/api/call/${command}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
          ...(signal ? { signal } : {}),
        });
      } catch (error) {
        signal?.throwIfAborted();
        throw new ApiError('disconnected', 'the node does not answer', error);
      }
      const parsed = callReplySchema.safeParse(await response.json().catch(() => undefined));
      if (!parsed.success) {
        throw new ApiError('disconnected', `the node does not answer commands (${response.status})`);
      }
      if (!parsed.data.ok) throw new ApiError(parsed.data.error.code, parsed.data.error.message);
      return parsed.data.output;
    },
    subscribe: (listener) => follow(open(`${base}/api/events`), listener),
  };
}

function follow(source: EventSourceLike, listener: TransportListener): () => void {
  source.onmessage = ({ data }) => {
    const parsed = streamMessageSchema.safeParse(parseJson(data));
    // Of another version: a snapshot may still be asked for by command.
    if (parsed.success) listener(parsed.data);
    else listener({ kind: 'disconnected', detail: z.prettifyError(parsed.error).slice(0, 500) });
  };
  source.onerror = () => listener({ kind: 'disconnected', detail: 'the connection to the node is lost' });
  return () => source.close();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
