import type { IncomingMessage } from 'node:http';
import { makeToken, sameSecret } from './token.ts';

export const COOKIE = 'proofswarm';
const KEY_HEADER = 'x-proofswarm-key';
/** Sessions of browsers at one time; the oldest gives way. */
const MAX_SESSIONS = 100;
const MAX_WRONG_A_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Why a request is refused, with its HTTP status. */
export interface Refused {
  readonly status: 401 | 403 | 421 | 429;
  readonly detail: string;
}

/** Secrets of a session that has begun. */
export interface Entered {
  /** For the header that sets it. */
  readonly cookie: string;
  /** To be kept by the page where only pages of its own origin can read it. */
  readonly key: string;
}

/**
 * Who may talk to the web host. Every page open in a browser can send requests to this machine, and a name that its
 * owner points to 127.0.0.1 makes them look as if they came from the same site: so the Host must be ours, the Origin where
 * there is one must be ours, and without a secret there is nothing. A browser hands a host's cookies to the servers on all its
 * ports, those of other users of this machine too: so a cookie opens the page's files, which are no secret, and node and data
 * take a key besides, which no browser sends by itself.
 */
export class Access {
  /** For programs of the same user, which read it from a file. */
  readonly bearer: string = makeToken();
  readonly #now: () => number;
  /** Tokens for the address bar, each good once. */
  readonly #invitations = new Set<string>();
  /** Keys by cookie. */
  readonly #sessions = new Map<string, string>();
  #wrong: number[] = [];
  #port = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Known only once the host listens. */
  set port(port: number) {
    this.#port = port;
  }

  /** A new token for a URL; it opens one session. */
  invite(): string {
    const token = makeToken();
    this.#invitations.add(token);
    const oldest = this.#invitations.values().next();
    if (this.#invitations.size > MAX_SESSIONS && oldest.done !== true) this.#invitations.delete(oldest.value);
    return token;
  }

  /** What holds for every request, whatever it asks for. */
  refusedAtAll({ headers, method, url = '/' }: IncomingMessage): Refused | undefined {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`, `[::1]:${this.#port}`];
    if (!hosts.includes(headers.host?.toLowerCase() ?? '')) {
      return { status: 421, detail: 'this host is reached as 127.0.0.1 or localhost only' };
    }
    const { origin } = headers;
    if (origin !== undefined && !hosts.some((host) => origin.toLowerCase() === `http://${host}`)) {
      return { status: 403, detail: 'requests of other sites are refused' };
    }
    // A browser says where a request comes from: `none` is the address bar, and another port is another origin.
    const site = headers['sec-fetch-site'] ?? 'none';
    // A link may lead here, into a window of its own and into no frame.
    const link = headers['sec-fetch-dest'] === 'document' && method === 'GET' && !url.startsWith('/api/');
    if (site !== 'none' && site !== 'same-origin' && !link) {
      return { status: 403, detail: 'requests of other sites are refused' };
    }
    return undefined;
  }

  /** Whether a request may see the page: it carries a session's cookie or the bearer secret. */
  isKnown(request: IncomingMessage): boolean {
    return this.#hasBearer(request) || this.#keyOf(request) !== undefined;
  }

  /** Whether a request may talk to the node: besides, it carries the session's key. */
  mayCall(request: IncomingMessage): boolean {
    if (this.#hasBearer(request)) return true;
    const key = this.#keyOf(request);
    const given = givenKey(request);
    return key !== undefined && given !== undefined && sameSecret(given, key);
  }

  /** Opens a session for a token of a URL. */
  enter(token: string): Entered | Refused {
    const invitation = [...this.#invitations].find((known) => sameSecret(token, known));
    if (invitation === undefined) return this.#wrongToken();
    this.#invitations.delete(invitation);
    const session = makeToken();
    const key = makeToken();
    this.#sessions.set(session, key);
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size > MAX_SESSIONS && oldest.done !== true) this.#sessions.delete(oldest.value);
    // The name tells nodes on one machine apart.
    return { cookie: `${this.#cookieName()}=${session}; Path=/; HttpOnly; SameSite=Strict`, key };
  }

  #hasBearer({ headers }: IncomingMessage): boolean {
    const { authorization = '' } = headers;
    return authorization.startsWith('Bearer ') && sameSecret(authorization.slice(7), this.bearer);
  }

  /** The key that belongs to a request's cookie. */
  #keyOf(request: IncomingMessage): string | undefined {
    const cookie = cookieOf(request);
    if (cookie === undefined) return undefined;
    return [...this.#sessions].find(([session]) => sameSecret(cookie, session))?.[1];
  }

  /** Guessing is hopeless; that it is noticed must not lock the user out, so a right token is never refused for it. */
  #wrongToken(): Refused {
    const now = this.#now();
    this.#wrong = this.#wrong.filter((at) => now - at < MINUTE_MS);
    if (this.#wrong.length >= MAX_WRONG_A_MINUTE) return { status: 429, detail: 'too many wrong addresses' };
    this.#wrong.push(now);
    return { status: 401, detail: 'this address was used already, or is of an earlier start of the node' };
  }

  #cookieName(): string {
    return `${COOKIE}-${this.#port}`;
  }
}

/** The cookie of the port that the request came to. */
function cookieOf({ headers, socket }: IncomingMessage): string | undefined {
  const name = `${COOKIE}-${socket.localPort ?? 0}`;
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** In a header; in the address where a browser lets no header be set, which is for event streams. */
function givenKey({ headers, url = '/' }: IncomingMessage): string | undefined {
  const header = headers[KEY_HEADER];
  if (typeof header === 'string') return header;
  return new URL(url, 'http://host').searchParams.get('key') ?? undefined;
}
