import { isIPv4 } from 'node:net';
import { ForbiddenAddressError } from './errors.ts';

/**
 * An address that may be fetched: https, or plain http on this very machine.
 * @param from the address that sent us there; a stranger's must not send us to this machine
 * @throws ForbiddenAddressError
 */
export function allowedAddress(text: string, from?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, from);
  } catch {
    throw new ForbiddenAddressError(text, 'it is no address');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ForbiddenAddressError(url.origin, 'a name or password in an address is not used');
  }
  const local = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
    throw new ForbiddenAddressError(
      shown(url),
      'only https is used, as anyone on the way could change the file',
    );
  }
  if (local && from !== undefined && !isLoopback(from.hostname)) {
    throw new ForbiddenAddressError(shown(url), `${from.hostname} redirects to this machine`);
  }
  return url;
}

/** Without the query, which may hold a signature that is nobody's business. */
export const shown = (url: URL): string => `${url.origin}${url.pathname}`;

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
