import { ToolchainError } from './errors.ts';

const MAX_REDIRECTS = 5;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** The server may do better another time. */
const TRY_AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks for a file over HTTPS (or HTTP from this machine itself), following redirects a few times, and never to anything
 * less safe.
 * @returns an answer with status 200 or 206
 * @throws ToolchainError where the server refuses; what fetch throws where the connection fails
 */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let target = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    if (target.protocol !== 'https:' && !(target.protocol === 'http:' && LOOPBACK.test(target.hostname))) {
      throw new ToolchainError('download', `${url}: leads to ${target.origin}, which is not safe`);
    }
    const response = await fetch(target, { headers: { ...headers }, redirect: 'manual', signal });
    if (response.status === 200 || response.status === 206) return response;
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      target = new URL(location, target);
      continue;
    }
    // What is asked for lies beyond the end: the file there is another one.
    if (response.status === 416 && 'range' in headers) {
      return request(url, { 'accept-encoding': headers['accept-encoding'] ?? 'identity' }, signal);
    }
    const detail = `${url}: the server answered with ${response.status}`;
    if (TRY_AGAIN.has(response.status)) throw new Error(detail);
    throw new ToolchainError('download', detail);
  }
  throw new ToolchainError('download', `${url}: too many redirects`);
}
