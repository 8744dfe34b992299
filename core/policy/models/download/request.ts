import { allowedAddress, shown } from './address.ts';
import { DownloadFailedError } from './errors.ts';

/** What a server said of a file, with its body still to come. */
export interface Answer {
  readonly url: URL;
  readonly response: Response;
  /** The sha256 of the file that a model hub links to, in hexadecimal. */
  readonly linkedSha256: string | undefined;
  readonly linkedBytes: number | undefined;
}

const MAX_REDIRECTS = 8;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Asks for a file, following at most eight redirects. huggingface.co answers with a redirect that carries the file's
 * sha256 and length (`x-linked-etag`, `x-linked-size`); only the address asked for is believed in that, not where it
 * leads.
 * @throws ForbiddenAddressError, DownloadFailedError; the signal's reason once aborted
 */
export async function request(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  let url = allowedAddress(address);
  let linked: Pick<Answer, 'linkedSha256' | 'linkedBytes'> | undefined;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await ask(url, headers, signal);
    linked ??= readLinked(response.headers);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || response.status === 304 || location === null) {
      return { url, response, ...linked };
    }
    await response.body?.cancel();
    url = allowedAddress(location, url);
  }
  throw new DownloadFailedError(shown(url), `more than ${MAX_REDIRECTS} redirects`);
}

async function ask(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      // A compressed body would have neither the length nor the places that are asked for.
      headers: { 'accept-encoding': 'identity', ...headers },
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new DownloadFailedError(shown(url), `cannot be reached (${reason(error)})`, {
      passing: true,
      cause: error,
    });
  }
}

function readLinked(headers: Headers): Pick<Answer, 'linkedSha256' | 'linkedBytes'> {
  const etag = headers.get('x-linked-etag')?.replace(/^"|"$/g, '').toLowerCase() ?? '';
  return {
    linkedSha256: SHA256.test(etag) ? etag : undefined,
    linkedBytes: readLength(headers.get('x-linked-size')),
  };
}

/** A number of bytes in a header; undefined where there is none that could be. */
export function readLength(text: string | null): number | undefined {
  if (text === null || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The cause that fetch hides behind "fetch failed". */
export function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code ?? cause.message;
}
