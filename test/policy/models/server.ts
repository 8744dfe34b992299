import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly url: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FileServer {
  readonly url: string;
  readonly asked: Asked[];
  /** What answers the next requests. */
  handler: Handler;
  /** Ends all connections, whatever is under way. */
  breakOff(): void;
}

/** A real HTTP server on this machine that does what a test wants, until the test ends. */
export async function fileServer(handler: Handler): Promise<FileServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({
      url: request.url ?? '',
      range: request.headers.range,
      ifRange: request.headers['if-range'] as string | undefined,
    });
    state.handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const state: FileServer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    handler,
    breakOff: () => server.closeAllConnections(),
  };
  return state;
}

export interface Served {
  readonly etag?: string;
  readonly lastModified?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection after so many bytes of each body, of which not all may arrive. */
  readonly breakAfter?: number;
  /** Falls silent after so many bytes, without an end. */
  readonly silentAfter?: number;
}

/** Serves a file as servers do: whole, or from a place on while it is unchanged. */
export function serve(content: Buffer, served: Served = {}): Handler {
  return (request, response) => {
    const { etag, lastModified, headers = {}, breakAfter, silentAfter } = served;
    const common = {
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { 'last-modified': lastModified }),
      ...headers,
    };
    const ifRange = request.headers['if-range'];
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN);
    const unchanged = ifRange === undefined || ifRange === etag || ifRange === lastModified;
    let body = content;
    if (!Number.isNaN(start) && unchanged) {
      if (start >= content.length) {
        response.writeHead(416, { 'content-range': `bytes */${content.length}`, ...common }).end();
        return;
      }
      body = content.subarray(start);
      response.writeHead(206, {
        'content-length': body.length,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
        ...common,
      });
    } else response.writeHead(200, { 'content-length': body.length, ...common });
    const limit = breakAfter ?? silentAfter;
    if (limit === undefined || limit >= body.length) {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, limit), () => {
      if (breakAfter !== undefined) response.destroy();
    });
  };
}
