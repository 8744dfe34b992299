import { shown } from './address.ts';
import { DownloadFailedError } from './errors.ts';
import type { PartialState } from './partial.ts';
import { readLength, type Answer } from './request.ts';

export interface Expected {
  /** In hexadecimal. */
  readonly sha256?: string;
  readonly bytes?: number;
}

/** What a server's answer means for what is there already. */
export type Plan =
  /** The body goes on where the file ends. */
  | { readonly kind: 'resume'; readonly state: PartialState }
  /** The body is the whole file; why what was there is of no use, where there was something. */
  | { readonly kind: 'whole'; readonly state: PartialState; readonly because?: string }
  /** What is there is of no use, and the body is not what is needed: ask for the whole file. */
  | { readonly kind: 'again'; readonly because: string };

/** The headers that ask for the rest of the file, provided that it is still the one it was. */
export function resumeHeaders(state: PartialState, offset: number): Record<string, string> | undefined {
  const validator = state.etag ?? state.lastModified;
  // With the checksum known, the file itself shows in the end whether it is the one it was.
  if (validator === undefined && state.sha256 === undefined) return undefined;
  return {
    range: `bytes=${offset}-`,
    ...(validator === undefined ? {} : { 'if-range': validator }),
  };
}

/**
 * Reads an answer to a request for the whole file (`offset` 0) or its rest.
 * @throws DownloadFailedError where it is of no use, or what the server offers is not what was listed
 */
export function planFor(
  address: string,
  answer: Answer,
  { offset, known, expected }: { offset: number; known: PartialState | undefined; expected: Expected },
): Plan {
  const { response, url } = answer;
  if (response.status === 416 && offset > 0) {
    return { kind: 'again', because: 'the server has no such place in the file' };
  }
  // A part that nobody asked for is no answer either.
  if (response.status !== 200 && (response.status !== 206 || offset === 0)) throw refusal(answer);
  const encoding = response.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw new DownloadFailedError(
      shown(url),
      `the server sends the file as ${encoding}, which cannot be resumed or checked`,
    );
  }
  const place = response.status === 206 ? readRange(answer) : { start: 0, total: totalOf(answer) };
  const state = stateOf(address, answer, place.total, expected);
  if (response.status === 200) {
    return offset === 0 || known === undefined
      ? { kind: 'whole', state }
      : { kind: 'whole', state, because: describeChange(known, state) ?? 'the server sends the whole file' };
  }
  const because =
    place.start === offset
      ? known === undefined
        ? undefined
        : describeChange(known, state)
      : `the server sends the file from ${place.start}, not from ${offset}`;
  return because === undefined ? { kind: 'resume', state } : { kind: 'again', because };
}

function stateOf(address: string, answer: Answer, total: number, expected: Expected): PartialState {
  const { response, url, linkedBytes, linkedSha256 } = answer;
  const announced = [expected.bytes, linkedBytes].find((bytes) => bytes !== undefined && bytes !== total);
  if (announced !== undefined) {
    throw new DownloadFailedError(
      shown(url),
      `the server offers ${total} bytes where ${announced} are expected`,
    );
  }
  if (expected.sha256 !== undefined && linkedSha256 !== undefined && expected.sha256 !== linkedSha256) {
    throw new DownloadFailedError(
      shown(url),
      `the server offers another file (sha256 ${linkedSha256}) than the one that is listed (${expected.sha256})`,
    );
  }
  const sha256 = expected.sha256 ?? linkedSha256;
  const etag = response.headers.get('etag');
  const lastModified = response.headers.get('last-modified');
  return {
    url: address,
    bytes: total,
    // A weak one does not promise the same bytes.
    ...(etag === null || etag.startsWith('W/') ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/** Why the file cannot be the one of which we have a part; undefined where it can. */
function describeChange(known: PartialState, now: PartialState): string | undefined {
  if (known.bytes !== now.bytes) return `the file had ${known.bytes} bytes and has ${now.bytes} now`;
  if (known.sha256 !== undefined && now.sha256 !== undefined) {
    return known.sha256 === now.sha256 ? undefined : 'the file has another sha256 now';
  }
  if (known.etag !== undefined && now.etag !== undefined) {
    return known.etag === now.etag ? undefined : 'the file has changed on the server';
  }
  return known.lastModified === now.lastModified ? undefined : 'the file has changed on the server';
}

function readRange(answer: Answer): { start: number; total: number } {
  const text = answer.response.headers.get('content-range');
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(text ?? '');
  const [start, last, total] = (match ?? []).slice(1).map(Number);
  if (
    start === undefined ||
    last === undefined ||
    total === undefined ||
    start > last ||
    last !== total - 1
  ) {
    throw new DownloadFailedError(
      shown(answer.url),
      `the server answers with an unusable range (${text ?? 'none'})`,
    );
  }
  return { start, total };
}

function totalOf({ response, linkedBytes, url }: Answer): number {
  const total = readLength(response.headers.get('content-length')) ?? linkedBytes;
  if (total === undefined)
    throw new DownloadFailedError(shown(url), 'the server does not say how long the file is');
  return total;
}

function refusal({ response, url }: Answer): DownloadFailedError {
  const { status } = response;
  const why = new Map([
    [401, 'it asks for a login: the model is private, gated, or not there'],
    [403, 'it refuses: the model is private or gated'],
    [404, 'there is no such file'],
    [429, 'too many requests'],
  ]).get(status);
  const detail =
    why === undefined ? `the server answers ${status} ${response.statusText}`.trim() : `${why} (${status})`;
  return new DownloadFailedError(shown(url), detail, {
    status,
    passing: status === 408 || status === 429 || status >= 500,
  });
}
