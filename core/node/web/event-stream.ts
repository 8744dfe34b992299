import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StreamMessage } from '../../api/index.ts';
import type { SeenUpTo } from '../service/index.ts';

export type Subscribe = (listener: (message: StreamMessage) => void, seen?: SeenUpTo) => () => void;

/** A reader who is so far behind is let go; it comes back and gets a snapshot. */
const MAX_BUFFERED_BYTES = 8_000_000;
/** Keeps connections that nothing is said on from being cut, and finds out those that are gone. */
const HEARTBEAT_MS = 20_000;
const RETRY_MS = 1000;

/**
 * Server-sent events: each message with an id, by which a reader that comes back goes on where it was
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
export function streamEvents(request: IncomingMessage, response: ServerResponse, subscribe: Subscribe): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${RETRY_MS}\n\n`);
  let end = (): void => undefined;
  const send = (text: string): void => {
    if (response.writableLength > MAX_BUFFERED_BYTES) {
      end();
      response.destroy();
      return;
    }
    response.write(text);
  };
  const heartbeat = setInterval(() => send(':\n\n'), HEARTBEAT_MS);
  heartbeat.unref();
  const unsubscribe = subscribe((message) => {
    const at = message.kind === 'event' ? message.event : message.snapshot;
    send(`id: ${at.epoch}.${at.seq}\ndata: ${JSON.stringify(message)}\n\n`);
  }, lastSeen(request));
  end = () => {
    clearInterval(heartbeat);
    unsubscribe();
  };
  response.on('close', end);
}

function lastSeen({ headers, url }: IncomingMessage): SeenUpTo | undefined {
  const header = headers['last-event-id'];
  // A page that is loaded anew cannot set the header on its first request.
  const asked =
    typeof header === 'string' ? header : new URL(url ?? '/', 'http://host').searchParams.get('after');
  const parsed = /^([\w-]{1,64})\.(\d{1,15})$/.exec(asked ?? '');
  return parsed?.[1] === undefined ? undefined : { epoch: parsed[1], seq: Number(parsed[2]) };
}
