import type { IncomingMessage } from 'node:http';
import { makeToken, sameSecret } from './token.ts';

export const COOKIE = 'proofswarm';
/** Sessions of browsers at one time; the oldest gives way. */
const MAX_SESSIONS = 100;
const MAX_WRONG_A_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Why a request is refused, with its HTTP status. */
export interface Refused {
  readonly status: 401 | 403 | 421 | 429;
  readonly detail: string;
}

/**
 * Who may talk to the web host. Every page open in a browser can send requests to this machine, and a name that its
 * owner points to 127.0.0.1 makes them look as if they came from the same site: so the Host must be ours, the Origin where
 * there is one must be ours, and without a secret there is nothing.
 */
export class Access {
  /** For programs of the same user, which read it from a file. */
  readonly bearer: string = makeToken();
  readonly #now: () => number;
  /** Tokens for the address bar, each good once. */
  readonly #invitations = new Set<string>();
  readonly #sessions = new Set<string>();
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
    const link = headers['sec-fetch-mode'] === 'navigate' && method === 'GET' && !url.startsWith('/api/');
    if (site !== 'none' && site !== 'same-origin' && !link) {
      return { status: 403, detail: 'requests of other sites are refused' };
    }
    return undefined;
  }

  /** Whether a request carries a session's cookie or the bearer secret. */
  isKnown(request: IncomingMessage): boolean {
    const authorization = request.headers.authorization ?? '';
    if (authorization.startsWith('Bearer ')) return sameSecret(authorization.slice(7), this.bearer);
    const cookie = cookieOf(request);
    return cookie !== undefined && [...this.#sessions].some((session) => sameSecret(cookie, session));
  }

  /** Opens a session for a token of a URL, and says its cookie. */
  enter(token: string): { readonly cookie: string } | Refused {
    const invitation = [...this.#invitations].find((known) => sameSecret(token, known));
    if (invitation === undefined) return this.#wrongToken();
    this.#invitations.delete(invitation);
    const session = makeToken();
    this.#sessions.add(session);
    const oldest = this.#sessions.values().next();
    if (this.#sessions.size > MAX_SESSIONS && oldest.done !== true) this.#sessions.delete(oldest.value);
    // Cookies are shared by all ports of a host: the name tells nodes on one machine apart.
    return { cookie: `${this.#cookieName()}=${session}; Path=/; HttpOnly; SameSite=Strict` };
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
