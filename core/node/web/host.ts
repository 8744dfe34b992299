import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ApiError, type CallReply } from '../../api/index.ts';
import { toApiError, type NodeService } from '../service/index.ts';
import { Access, type Refused } from './access.ts';
import { BodyBrokenError, BodyTooLargeError, readBody } from './body.ts';
import { WebListenError } from './errors.ts';
import { streamEvents } from './event-stream.ts';
import { readStatic } from './files.ts';
import { SECURITY_HEADERS } from './headers.ts';

export interface WebHostInit {
  /** 0 is any that is free. */
  readonly port: number;
  /** The built renderer. */
  readonly files: string;
}

export interface WebHostComponents {
  readonly service: Pick<NodeService, 'call' | 'subscribe'>;
}

const LIMITS = {
  connections: 100,
  /** Commands under way at one time. */
  calls: 50,
  streams: 30,
  body: 1_000_000,
  /** A dataset that is pasted or dropped: 16 million characters of up to four bytes, escaped. */
  importBody: 80_000_000,
} as const;
/** What a fresh checkout lacks. */
export const PAGE_MISSING = 'The page is not built yet: npm run build:renderer';
const COMMAND = /^\/api\/call\/([a-z-]+\.[a-z-]+)$/;

/** Serves the renderer and the service to browsers on this machine, and to nobody else. */
export class WebHost implements AsyncDisposable {
  readonly #service: WebHostComponents['service'];
  readonly #init: WebHostInit;
  readonly #server: Server;
  readonly #access = new Access();
  readonly #sockets = new Set<Socket>();
  #calls = 0;
  #streams = 0;

  private constructor({ service }: WebHostComponents, init: WebHostInit) {
    this.#service = service;
    this.#init = init;
    this.#server = createServer(
      { requestTimeout: 60_000, headersTimeout: 10_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = LIMITS.connections;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** @throws WebListenError */
  static async listen(components: WebHostComponents, init: WebHostInit): Promise<WebHost> {
    const host = new WebHost(components, init);
    await new Promise<void>((resolve, reject) => {
      host.#server.once('error', (error) => reject(new WebListenError(init.port, error)));
      host.#server.listen({ host: '127.0.0.1', port: init.port, exclusive: true }, resolve);
    });
    host.#access.port = host.port;
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For other programs of the same user. */
  get bearer(): string {
    return this.#access.bearer;
  }

  /** An address that opens the page in a browser, once. */
  invitation(): string {
    return `http://127.0.0.1:${this.port}/?token=${this.#access.invite()}`;
  }

  /** Whether there is a page to be served. */
  async hasPage(): Promise<boolean> {
    return (await readStatic(this.#init.files, '/index.html')) !== undefined;
  }

  /** Ends all connections, event streams too. Idempotent. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    try {
      const refused = this.#access.refusedAtAll(request);
      if (refused === undefined) await this.#route(request, response);
      else refuse(response, refused);
    } catch (error) {
      // Only faults of ours come here; what was said already cannot be taken back.
      if (response.headersSent) response.destroy(error as Error);
      else send(response, 500, 'text/plain; charset=utf-8', 'internal error');
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://host');
    const token = url.searchParams.get('token');
    if (request.method === 'GET' && url.pathname === '/' && token !== null) {
      this.#enter(token, response);
      return;
    }
    if (!this.#access.isKnown(request)) {
      refuse(response, { status: 401, detail: 'open the address that the node has printed' });
      return;
    }
    if (url.pathname.startsWith('/api/') && !this.#access.mayCall(request)) {
      refuse(response, { status: 401, detail: 'the key of this page is missing; open the address again' });
      return;
    }
    const command = COMMAND.exec(url.pathname)?.[1];
    if (command !== undefined) await this.#call(command, request, response);
    else if (url.pathname === '/api/events') this.#stream(request, response);
    else if (url.pathname === '/api/invite') this.#invite(request, response);
    else if (request.method === 'GET' || request.method === 'HEAD') await this.#file(url.pathname, response);
    else send(response, 405, 'text/plain; charset=utf-8', 'only GET and POST');
  }

  /** The token is gone from the address bar at once, so that no history and no log keeps it. */
  #enter(token: string, response: ServerResponse): void {
    const entered = this.#access.enter(token);
    if ('status' in entered) {
      refuse(response, entered);
      return;
    }
    // What follows # goes to no server.
    response.writeHead(303, {
      location: `/#key=${entered.key}`,
      'set-cookie': entered.cookie,
      'cache-control': 'no-store',
    });
    response.end();
  }

  async #call(command: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A form of another site can send neither this method nor this type without asking first.
    if (request.method !== 'POST' || !/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      send(response, 405, 'text/plain; charset=utf-8', 'commands are POST requests of JSON');
      return;
    }
    if (this.#calls >= LIMITS.calls) {
      reply(response, 429, { ok: false, error: { code: 'busy', message: 'too many commands at one time' } });
      return;
    }
    this.#calls++;
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('the client has gone')));
    try {
      const limit = command === 'statements.import' ? LIMITS.importBody : LIMITS.body;
      const output = await this.#service.call(command, parse(await readBody(request, limit)), gone.signal);
      reply(response, 200, { ok: true, output });
    } catch (error) {
      if (error instanceof BodyBrokenError) response.destroy();
      else if (error instanceof BodyTooLargeError) {
        response.setHeader('connection', 'close');
        reply(response, 413, {
          ok: false,
          error: { code: 'too-large', message: 'the request is too large' },
        });
      } else {
        const { code, message } = toApiError(error, gone.signal);
        reply(response, code === 'internal' ? 500 : 200, { ok: false, error: { code, message } });
      }
    } finally {
      this.#calls--;
    }
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') {
      send(response, 405, 'text/plain; charset=utf-8', 'events are read with GET');
      return;
    }
    if (this.#streams >= LIMITS.streams) {
      refuse(response, { status: 429, detail: 'too many pages are open' });
      return;
    }
    this.#streams++;
    response.on('close', () => this.#streams--);
    streamEvents(request, response, (listener, seen) => this.#service.subscribe(listener, seen));
  }

  /** For the command line, which holds the bearer secret: an address for one more browser. */
  #invite(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'POST') send(response, 405, 'text/plain; charset=utf-8', 'only POST');
    else send(response, 200, 'text/plain; charset=utf-8', this.invitation());
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    // Screens have addresses of their own, which are all the one page.
    const page = !/\.\w+$/.test(pathname);
    const file = await readStatic(this.#init.files, page ? '/index.html' : pathname);
    if (file === undefined) {
      const detail = page ? PAGE_MISSING : 'there is no such file';
      send(response, 404, 'text/plain; charset=utf-8', detail);
      return;
    }
    const kept = file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, { 'content-type': file.type, 'cache-control': kept });
    response.end(response.req.method === 'HEAD' ? undefined : file.body);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('bad-input', 'the request is no JSON');
  }
}

function refuse(response: ServerResponse, { status, detail }: Refused): void {
  send(response, status, 'text/plain; charset=utf-8', detail);
}

function reply(response: ServerResponse, status: number, body: CallReply): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
