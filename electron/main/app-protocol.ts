import { protocol, type Session } from 'electron';
import { readAsset } from './asset.ts';
import { SECURITY_HEADERS } from './content-policy.ts';
import { isOwnAddress, SCHEME } from './page-address.ts';

/** Before the app is ready: `app://` is a secure origin of its own, under the same rules as `https://`. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the built renderer, and nothing else of this machine. */
export function serveApp(session: Session, directory: string): void {
  session.protocol.handle(SCHEME, async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return answer(405);
    if (!isOwnAddress(url)) return answer(404);
    const asset = await readAsset(directory, new URL(url).pathname);
    if (asset === undefined) return answer(404);
    return new Response(method === 'HEAD' ? null : asset.body, {
      headers: { ...SECURITY_HEADERS, 'content-type': asset.type },
    });
  });
}

const answer = (status: number): Response => new Response(null, { status, headers: SECURITY_HEADERS });
